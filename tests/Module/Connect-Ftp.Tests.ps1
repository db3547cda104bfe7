BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Connect-Ftp, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $account = $ftp.Credential.UserName
            $password = $ftp.Credential.GetNetworkCredential().Password
        }

        AfterEach { Disconnect-Ftp -All }

        It 'emits the session, which is the current one from then on' {
            $session = Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -Name first -MaxConnection 2
            $session | Should -BeOfType FtpTools.FtpSession
            $session.Name | Should -Be 'first'
            $session.ComputerName | Should -Be $ftp.Host
            $session.Port | Should -Be $ftp.Port
            $session.UserName | Should -Be $account
            $session.Mode | Should -Be 'Auto'
            $session.TransferType | Should -Be 'Binary'
            $session.MaxConnection | Should -Be 2
            $session.State | Should -Be 'Opened'
            $session.Location | Should -Be '/'
            Get-FtpSession -Current | Should -Be $session
        }

        It 'takes the computer as -<_> too' -ForEach 'ComputerName', 'Host', 'Server' {
            $computer = @{ $_ = $ftp.Host }
            (Connect-Ftp @computer -Port $ftp.Port -Credential $ftp.Credential).State | Should -Be 'Opened'
        }

        It 'takes the computer from the pipeline, by value and by property name' {
            ($ftp.Host | Connect-Ftp -Port $ftp.Port -Credential $ftp.Credential).State | Should -Be 'Opened'
            $row = [pscustomobject]@{ ComputerName = $ftp.Host; Port = $ftp.Port; Name = 'from a table' }
            ($row | Connect-Ftp -Credential $ftp.Credential).Name | Should -Be 'from a table'
        }

        It 'takes an address, and starts in its directory' {
            $session = Connect-Ftp -Uri "ftp://$($ftp.Host):$($ftp.Port)$($folder.Remote)" -Credential $ftp.Credential
            $session.Location | Should -Be $folder.Remote
        }

        It 'takes the account from an address, and warns of a password there' {
            $uri = "ftp://${account}:$password@$($ftp.Host):$($ftp.Port)/"
            $session = Connect-Ftp -Uri $uri -WarningVariable warnings -WarningAction SilentlyContinue
            $session.UserName | Should -Be $account
            "$warnings" | Should -BeLike '*-Credential*'
        }

        It 'writes FtpPathNotFound for a missing directory in the address, and leaves no session' {
            $failure = Get-ExpectedError { Connect-Ftp -Uri "ftp://$($ftp.Host):$($ftp.Port)/missing" -Credential $ftp.Credential }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.ConnectFtpCommand'
            Get-FtpSession | Should -BeNullOrEmpty
        }

        It 'ends with FtpLoginFailed when the server refuses the account' {
            $wrong = New-Object Management.Automation.PSCredential $account, (ConvertTo-SecureString 'wrong' -AsPlainText -Force)
            $failure = Get-ExpectedError { Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $wrong }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpLoginFailed,FtpTools.Commands.ConnectFtpCommand'
            $failure.CategoryInfo.Category | Should -Be 'AuthenticationError'
            $failure.Exception.Message | Should -Match '530'
            Get-FtpSession | Should -BeNullOrEmpty
        }

        It 'shows the dialogue with -Verbose, and no password' {
            $lines = Connect-TestServer $ftp @{ Verbose = $true } 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object Message
            $lines | Should -Contain "$($ftp.Host):$($ftp.Port)#1 --> USER $account"
            @($lines) -like '*--> PASS*' | Should -HaveCount 1
            "$lines" | Should -Not -Match ([regex]::Escape($password))
        }

        It 'logs to a file that sessions share, and no password' {
            $log = Join-Path $TestDrive 'ftp.log'
            'one', 'two' | ForEach-Object { $null = Connect-TestServer $ftp @{ Name = $_; LogPath = $log } }
            Get-FtpChildItem $folder.Remote -Session one
            Get-FtpChildItem $folder.Remote -Session two
            $lines = Get-Content $log
            $lines | Should -Not -BeNullOrEmpty
            $lines -notmatch '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFORMATION) \S+ ' | Should -BeNullOrEmpty
            @($lines) -match '--> USER' | Should -HaveCount 2
            "$lines" | Should -Not -Match ([regex]::Escape($password))
            Disconnect-Ftp -All
            # Nothing holds the file any more.
            [IO.File]::Open($log, 'Open', 'ReadWrite', 'None').Dispose()
        }

        It 'logs no more than -LogLevel asks for' {
            $log = Join-Path $TestDrive 'short.log'
            $null = Connect-TestServer $ftp @{ LogPath = $log; LogLevel = 'Information' }
            Get-Content $log | Should -Not -BeNullOrEmpty
            @(Get-Content $log) -match '-->' | Should -BeNullOrEmpty
        }
    }
}

Describe 'Connect-Ftp, through <_>' -ForEach 'microsocks', 'tinyproxy' -Skip:($servers | Where-Object { $_.Name -eq 'vsftpd' }).Skip {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestServer.psm1"
        $ftp = Start-TestServer vsftpd
        $folder = New-TestFolder $ftp
        $proxy = Start-TestProxy $_
        $login = $proxy.Credential.GetNetworkCredential()
        $wrong = New-Object Management.Automation.PSCredential $login.UserName, (ConvertTo-SecureString 'wrong' -AsPlainText -Force)
        $asRow = { param($address) [pscustomobject]@{ ComputerName = 'localhost'; Port = $ftp.Port; Credential = $ftp.Credential; Proxy = $address } }
    }

    AfterAll { Stop-TestProxy $proxy }

    AfterEach { Disconnect-Ftp -All }

    It 'transfers and lists, with the account of -ProxyCredential and not that of the address' {
        $address = $proxy.Uri -replace '//', '//me:wrong@'
        $null = Connect-Ftp localhost -Port $ftp.Port -Credential $ftp.Credential -Proxy $address -ProxyCredential $proxy.Credential -WarningAction SilentlyContinue
        Set-Content (Join-Path $TestDrive 'one.txt') 'one'
        (Send-FtpItem (Join-Path $TestDrive 'one.txt') "$($folder.Remote)/").Mode | Should -Be 'Epsv'
        (Get-FtpChildItem $folder.Remote).Name | Should -Be 'one.txt'
        Get-Content (Join-Path $folder.Local 'one.txt') | Should -Be 'one'
    }

    It 'takes the account of the address, with a warning, and both from objects' {
        $row = & $asRow ($proxy.Uri -replace '//', "//$($login.UserName):$($login.Password)@")
        ($row | Connect-Ftp -WarningVariable warnings -WarningAction SilentlyContinue).State | Should -Be 'Opened'
        "$warnings" | Should -BeLike '*-ProxyCredential*'
        $row = & $asRow $proxy.Uri | Add-Member ProxyCredential $proxy.Credential -PassThru
        ($row | Connect-Ftp -WarningVariable warnings).State | Should -Be 'Opened'
        $warnings | Should -BeNullOrEmpty
    }

    It 'ends with FtpLoginFailed for a wrong password, and for none' {
        $none = Get-ExpectedError { & $asRow $proxy.Uri | Connect-Ftp }
        $bad = Get-ExpectedError { & $asRow $proxy.Uri | Connect-Ftp -ProxyCredential $wrong }
        foreach ($failure in $none, $bad) {
            $failure.FullyQualifiedErrorId | Should -Be 'FtpLoginFailed,FtpTools.Commands.ConnectFtpCommand'
            $failure.Exception.Message | Should -BeLike '*-ProxyCredential*'
        }
    }

    It 'writes FtpDataConnectionFailed in active mode, and goes on in Auto' {
        $null = Connect-Ftp localhost -Port $ftp.Port -Credential $ftp.Credential -Proxy $proxy.Uri -ProxyCredential $proxy.Credential -Mode Active
        (Get-ExpectedError { Get-FtpChildItem / }).FullyQualifiedErrorId | Should -BeLike 'FtpDataConnectionFailed,*'
        Set-FtpMode Auto
        Get-FtpChildItem / | Should -Not -BeNullOrEmpty
    }
}

Describe 'Connect-Ftp, without a server' {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestServer.psm1"
        Import-Module $manifest
        # A port that nothing listens on: it was free a moment ago.
        $listener = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Loopback), 0
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
    }

    It 'ends with FtpHostUnreachable where nothing listens' {
        $failure = Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $port }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpHostUnreachable,FtpTools.Commands.ConnectFtpCommand'
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failure.Exception.Message | Should -Match "127\.0\.0\.1:$port"
    }

    It 'ends with <Id> for the address <Uri>' -ForEach @(
        @{ Uri = 'ftps://127.0.0.1/'; Id = 'FtpTlsFailed' }
        @{ Uri = 'http://127.0.0.1/'; Id = 'FtpInvalidName' }
        @{ Uri = 'somewhere/else'; Id = 'FtpInvalidName' }
    ) {
        (Get-ExpectedError { Connect-Ftp -Uri $Uri }).FullyQualifiedErrorId | Should -Be "$Id,FtpTools.Commands.ConnectFtpCommand"
    }

    It 'does not repeat an address that may have a password in it' -ForEach @(
        @{ Uri = 'http://me:secret@127.0.0.1/' }
        @{ Uri = 'me:secret@127.0.0.1' }
    ) {
        (Get-ExpectedError { Connect-Ftp -Uri $Uri }).Exception.Message | Should -Not -Match 'secret'
    }

    It 'ends with <Id> for the proxy <Proxy>' -ForEach @(
        @{ Proxy = 'socks5://127.0.0.1:{0}'; Id = 'FtpHostUnreachable' }
        @{ Proxy = 'socks5h://127.0.0.1:{0}'; Id = 'FtpHostUnreachable' }
        @{ Proxy = 'http://127.0.0.1:{0}/'; Id = 'FtpHostUnreachable' }
        @{ Proxy = 'https://127.0.0.1:{0}'; Id = 'FtpInvalidName' }
        @{ Proxy = 'socks4://127.0.0.1:{0}'; Id = 'FtpInvalidName' }
        @{ Proxy = '127.0.0.1:{0}'; Id = 'FtpInvalidName' }
        @{ Proxy = 'http://127.0.0.1/proxy.pac'; Id = 'FtpInvalidName' }
    ) {
        $failure = Get-ExpectedError { Connect-Ftp ftp.example.com -Proxy ($Proxy -f $port) }
        $failure.FullyQualifiedErrorId | Should -Be "$Id,FtpTools.Commands.ConnectFtpCommand"
        $failure.Exception.Message | Should -Match 'proxy'
    }

    It 'warns of a password in the address of a proxy, and does not repeat it' {
        $failure = Get-ExpectedError { Connect-Ftp 127.0.0.1 -Proxy "socks5://me:secret@127.0.0.1:$port" -WarningVariable script:warnings -WarningAction SilentlyContinue }
        "$warnings" | Should -BeLike '*-ProxyCredential*'
        "$warnings $($failure.Exception)" | Should -Not -Match 'secret'
    }

    It 'wants a proxy for -ProxyCredential' {
        $account = New-Object Management.Automation.PSCredential 'me', (ConvertTo-SecureString 'secret' -AsPlainText -Force)
        $failure = Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $port -ProxyCredential $account }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -BeLike '*-Proxy,*'
    }

    It 'points to -Uri when the computer is an address' {
        $failure = Get-ExpectedError { Connect-Ftp ftp://127.0.0.1/ }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -Match '-Uri'
    }

    It 'refuses -<Name> <Value>' -ForEach @(
        @{ Name = 'Port'; Value = 0 }
        @{ Name = 'Port'; Value = 65536 }
        @{ Name = 'TimeoutSec'; Value = 0 }
        @{ Name = 'DataTimeoutSec'; Value = -1 }
        @{ Name = 'KeepAliveSec'; Value = -1 }
        @{ Name = 'MaxConnection'; Value = 0 }
        @{ Name = 'Mode'; Value = 'Sideways' }
        @{ Name = 'ActivePortRange'; Value = '50100-50000' }
        @{ Name = 'ActivePortRange'; Value = 'some' }
        @{ Name = 'Encoding'; Value = 'no-such-encoding' }
        @{ Name = 'Encoding'; Value = 'utf-16' }
    ) {
        $parameters = @{ ComputerName = '127.0.0.1'; Port = $port }
        $parameters[$Name] = $Value
        $failure = Get-ExpectedError { Connect-Ftp @parameters }
        $failure.CategoryInfo.Category | Should -BeIn 'InvalidData', 'InvalidArgument'
        $failure.Exception.ParameterName | Should -Be $Name
    }

    It 'accepts the encoding <_>' -ForEach 'utf8', 'utf-8', 'windows-1252', 1252, 'iso-8859-1' {
        (Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $port -Encoding $_ }).FullyQualifiedErrorId | Should -BeLike 'FtpHostUnreachable,*'
    }

    It 'writes FtpLocalFileError for a log that cannot be opened' {
        $log = Join-Path $TestDrive 'missing/ftp.log'
        (Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $port -LogPath $log }).FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.ConnectFtpCommand'
    }
}
