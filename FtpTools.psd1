@{
    RootModule             = 'FtpTools.psm1'
    ModuleVersion          = '0.2.0'
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
    TypesToProcess         = @('FtpTools.Types.ps1xml')
    CmdletsToExport        = @(
        'Connect-Ftp'
        'Disconnect-Ftp'
        'Get-FtpSession'
        'Select-FtpSession'
        'Set-FtpMode'
        'Get-FtpItem'
        'Get-FtpChildItem'
        'Send-FtpItem'
        'Receive-FtpItem'
        'New-FtpItem'
        'Remove-FtpItem'
        'Get-FtpContent'
        'Set-FtpContent'
        'Add-FtpContent'
        'Get-FtpFileHash'
        'Copy-FtpItem'
        'Test-FtpPath'
        'Test-FtpConnection'
        'Rename-FtpItem'
        'Move-FtpItem'
        'Set-FtpItemProperty'
        'Get-FtpLocation'
        'Set-FtpLocation'
        'Get-FtpFeature'
        'Get-FtpFreeSpace'
        'Invoke-FtpCommand'
        'Measure-FtpTransfer'
        'Compare-FtpDirectory'
        'Sync-FtpDirectory'
        'Split-FtpSyncAction'
        'Register-FtpProfile'
        'Get-FtpProfile'
        'Unregister-FtpProfile'
        'Wait-FtpItem'
        'Get-FtpJournal'
        'Clear-FtpJournal'
    )
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()
    # No HelpInfoURI: the help comes with the module and changes with it, so that Update-Help has nothing to look for.
    PrivateData            = @{
        PSData = @{
            # None in a release.
            Prerelease   = 'preview1'
            # No ProjectUri, and no IconUri, which needs an address too, as long as the project has no public one. The
            # icon itself lies beside this file, and the package names it.
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            ReleaseNotes = @'
0.2.0-preview1

- TLS: explicit and implicit, 1.2 and 1.3, asked for by default where the server offers it.
- Transfers that go on where they were interrupted, several files at a time, one file in segments, -Update and -Verify.
- Test-FtpConnection tells what works on the way to a server, and what stands in the way.
- SOCKS5 and HTTP proxies.
'@
            Tags         = @('FTP', 'FTPS', 'TLS', 'FileTransfer', 'Upload', 'Download', 'Active', 'Passive', 'Network',
                'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS')
        }
    }
}
