# What each cmdlet owes its users, whatever it does.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module $manifest
    # Those that the module promises. One that changes nothing but this side's own state need not ask; Emits is what has a view.
    $cmdlets = @(
        @{ Name = 'Connect-Ftp'; Asks = $false; Emits = 'FtpTools.FtpSession' }
        @{ Name = 'Disconnect-Ftp'; Asks = $true }
        @{ Name = 'Get-FtpSession'; Asks = $false; Emits = 'FtpTools.FtpSession' }
        @{ Name = 'Select-FtpSession'; Asks = $false; Emits = 'FtpTools.FtpSession' }
        @{ Name = 'Set-FtpMode'; Asks = $true; Emits = 'FtpTools.FtpSession' }
        @{ Name = 'Test-FtpConnection'; Asks = $false; Emits = 'FtpTools.FtpConnectionTest' }
        @{ Name = 'Get-FtpItem'; Asks = $false; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Get-FtpChildItem'; Asks = $false; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Send-FtpItem'; Asks = $true; Emits = 'FtpTools.FtpTransferResult' }
        @{ Name = 'Receive-FtpItem'; Asks = $true; Emits = 'FtpTools.FtpTransferResult' }
        @{ Name = 'Get-FtpContent'; Asks = $false; Emits = 'System.String' }
        @{ Name = 'Set-FtpContent'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Add-FtpContent'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'New-FtpItem'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Remove-FtpItem'; Asks = $true }
        @{ Name = 'Rename-FtpItem'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Move-FtpItem'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Copy-FtpItem'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Test-FtpPath'; Asks = $false; Emits = 'System.Boolean' }
        @{ Name = 'Set-FtpItemProperty'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Get-FtpFileHash'; Asks = $false; Emits = 'FtpTools.FtpFileHash' }
        @{ Name = 'Get-FtpLocation'; Asks = $false; Emits = 'FtpTools.FtpPathInfo' }
        @{ Name = 'Set-FtpLocation'; Asks = $false; Emits = 'FtpTools.FtpPathInfo' }
        @{ Name = 'Get-FtpFeature'; Asks = $false; Emits = 'FtpTools.FtpFeature' }
        @{ Name = 'Get-FtpFreeSpace'; Asks = $false; Emits = 'FtpTools.FtpFreeSpace' }
        @{ Name = 'Invoke-FtpCommand'; Asks = $true; Emits = 'FtpTools.FtpReply' }
        @{ Name = 'Wait-FtpItem'; Asks = $true; Emits = 'FtpTools.FtpItem' }
        @{ Name = 'Measure-FtpTransfer'; Asks = $false; Emits = 'FtpTools.FtpTransferSummary' }
        @{ Name = 'Compare-FtpDirectory'; Asks = $false; Emits = 'FtpTools.FtpSyncAction' }
        @{ Name = 'Sync-FtpDirectory'; Asks = $true; Emits = 'FtpTools.FtpTransferResult' }
        @{ Name = 'Split-FtpSyncAction'; Asks = $false; Emits = 'FtpTools.FtpSyncAction' }
        @{ Name = 'Register-FtpProfile'; Asks = $true; Emits = 'FtpTools.FtpProfile' }
        @{ Name = 'Get-FtpProfile'; Asks = $false; Emits = 'FtpTools.FtpProfile' }
        @{ Name = 'Unregister-FtpProfile'; Asks = $true }
        @{ Name = 'Get-FtpJournal'; Asks = $false; Emits = 'FtpTools.FtpJournalEntry' }
        @{ Name = 'Clear-FtpJournal'; Asks = $true }
    )
    $types = [FtpTools.FtpSession].Assembly, [FtpTools.FtpTransferSummary].Assembly | ForEach-Object { $_.GetExportedTypes() } |
        Where-Object { $_.Namespace -eq 'FtpTools' -and -not $_.IsEnum -and -not ($_.IsAbstract -and $_.IsSealed) -and $_.GetProperties().Count -and -not [Exception].IsAssignableFrom($_) } |
        ForEach-Object { @{ Type = $_; TypeName = $_.Name } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module $manifest
}

Describe 'The module' -ForEach @{ Promised = $cmdlets.Name } {
    It 'exports what it promises and nothing else' {
        (Get-Command -Module FtpTools).Name | Sort-Object | Should -Be @($Promised | Sort-Object)
    }
}

Describe '<Name>' -ForEach $cmdlets {
    BeforeAll {
        $command = Get-Command "FtpTools\$Name"
        $own = $command.Parameters.Values | Where-Object Name -notin ([System.Management.Automation.PSCmdlet]::CommonParameters)
    }

    It 'has three examples or more in its help' {
        @((Get-Help "FtpTools\$Name").examples.example).Count | Should -BeGreaterOrEqual 3
    }

    It 'asks before it changes something' {
        $command.Parameters.ContainsKey('WhatIf') | Should -Be $Asks
    }

    if ($Emits) {
        It 'says what it emits' {
            $command.OutputType.Name | Should -Contain $Emits
        }
    }

    if ($Emits -like 'FtpTools.*') {
        It 'has a view for what it emits' {
            Get-FormatData -TypeName $Emits -PowerShellVersion $PSVersionTable.PSVersion | Should -Not -BeNullOrEmpty
            Get-FormatData -TypeName "Deserialized.$Emits" -PowerShellVersion $PSVersionTable.PSVersion | Should -Not -BeNullOrEmpty
        }
    }

    if ($Name -notin 'Connect-Ftp', 'Get-FtpSession', 'Measure-FtpTransfer', 'Split-FtpSyncAction', 'Get-FtpJournal', 'Clear-FtpJournal' -and $Name -notlike '*-FtpProfile') {
        It 'takes a session, and completes its name' {
            $session = $own | Where-Object Name -eq Session
            $session | Should -Not -BeNullOrEmpty
            $session.Attributes.Where({ $_ -is [ArgumentCompleter] }).Type | Should -Be ([FtpTools.SessionCompleter])
        }
    }

    It 'completes remote paths' {
        # -Path of Send-FtpItem and of comparisons and journals, and -LogPath, are local, and PowerShell completes those; -Destination of Receive-FtpItem too.
        $remote = $own | Where-Object { $_.Name -in 'Path', 'LiteralPath', 'Destination' -and $_.ParameterType -in [string], [string[]] } | Where-Object {
            $Name -notin 'Get-FtpJournal', 'Clear-FtpJournal' -and -not ($Name -in 'Send-FtpItem', 'Compare-FtpDirectory', 'Sync-FtpDirectory' -and $_.Name -ne 'Destination') -and -not ($Name -eq 'Receive-FtpItem' -and $_.Name -eq 'Destination')
        }
        foreach ($parameter in $remote) {
            $parameter.Attributes.Where({ $_ -is [ArgumentCompleter] }).Type | Should -Be ([FtpTools.RemotePathCompleter]) -Because "-$($parameter.Name) is a remote path"
        }
    }

    It 'has tests that call it' {
        Select-String -Path (Join-Path $PSScriptRoot '*.Tests.ps1') -Exclude 'Contract.Tests.ps1', 'Help.Tests.ps1' -Pattern "\b$Name\b" | Select-Object -First 1 | Should -Not -BeNullOrEmpty
    }
}

Describe 'The type <TypeName>' -ForEach $types {
    It 'has no property that ConvertTo-Json would not soon be done with' {
        # Texts, numbers, times, lists of texts, and values of types of this module that have such properties themselves.
        $isPlain = {
            param($one)
            $inner = [Nullable]::GetUnderlyingType($one)
            if ($inner) { $one = $inner }
            $one.IsPrimitive -or $one.IsEnum -or $one -in [string], [datetime], [timespan], [decimal], [uri], [Net.IPAddress], [Text.Encoding], [TimeZoneInfo] -or
                ($one.IsGenericType -and $one.GetGenericArguments().ForEach({ & $isPlain $_ }) -notcontains $false) -or
                ($one.Namespace -eq 'FtpTools' -and [FtpTools.FtpSession] -ne $one -and -not [Exception].IsAssignableFrom($one))
        }
        foreach ($property in $Type.GetProperties()) {
            # What the engine is told, and no cmdlet emits.
            if ($Type -in [FtpTools.FtpTransferBatch], [FtpTools.FtpSyncBatch], [FtpTools.FtpSyncOptions]) { break }
            if ($Type -eq [FtpTools.FtpClientOptions] -and $property.Name -in 'ClientCertificate', 'Log') { continue }
            & $isPlain $property.PropertyType | Should -BeTrue -Because "$($Type.Name).$($property.Name) is a $($property.PropertyType)"
        }
    }
}
