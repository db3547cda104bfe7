@{
    RootModule             = 'FtpTools.psm1'
    ModuleVersion          = '0.1.0'
    GUID                   = '138b9f60-0951-4bdf-ab6e-629d36a0f3d7'
    Author                 = 'FtpTools contributors'
    CompanyName            = 'FtpTools contributors'
    Copyright              = 'Copyright (c) FtpTools contributors. MIT licence.'
    Description            = 'Moves files over FTP and FTPS: active and passive mode, TLS, proxies, resumed and verified transfers, with objects in and out of the pipeline, and a cmdlet that explains what a firewall did.'
    PowerShellVersion      = '5.1'
    CompatiblePSEditions   = @('Desktop', 'Core')
    # The first with netstandard.dll whole; asked for in Windows PowerShell alone.
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess       = @('FtpTools.Format.ps1xml')
    CmdletsToExport        = @(
        'Connect-Ftp'
        'Disconnect-Ftp'
        'Get-FtpSession'
        'Set-FtpMode'
        'Get-FtpItem'
        'Get-FtpChildItem'
        'Send-FtpItem'
        'Receive-FtpItem'
        'New-FtpItem'
        'Remove-FtpItem'
        'Test-FtpPath'
        'Test-FtpConnection'
    )
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags = @('FTP', 'FTPS', 'TLS', 'FileTransfer', 'Upload', 'Download', 'Active', 'Passive', 'Network',
                'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS')
        }
    }
}
