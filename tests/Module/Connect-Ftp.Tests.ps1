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
            # That the server offers no TLS is told by a test of its own.
            $PSDefaultParameterValues = @{ 'Connect-Ftp:WarningAction' = 'SilentlyContinue' }
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

        It 'warns once of a server that offers no TLS, and not when that was asked for' {
            $session = Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -WarningVariable warnings
            $session.Security | Should -BeNullOrEmpty
            Get-FtpChildItem $folder.Remote -WarningVariable +warnings
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike '*unencrypted*-Tls None*-Tls Explicit*'
            (Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -Tls None -WarningVariable warnings).Security | Should -BeNullOrEmpty
            $warnings | Should -BeNullOrEmpty
        }

        It 'does not send the password to a server without TLS when it has to be there: -<Key> <Value>' -ForEach @(
            @{ Key = 'Tls'; Value = 'Explicit' }
            @{ Key = 'CertificateThumbprint'; Value = '0' * 64 }
        ) {
            $with = @{ $Key = $Value }
            $failure = Get-ExpectedError { Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential @with -Verbose 4>$null }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpTlsFailed,FtpTools.Commands.ConnectFtpCommand'
            $failure.CategoryInfo.Category | Should -Be 'SecurityError'
            $failure.Exception.Message | Should -BeLike '*password wasn''t sent*'
            Get-FtpSession | Should -BeNullOrEmpty
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

# MainJob.Tests.ps1 has pyftpdlib with TLS.
foreach ($server in $servers | Where-Object { $_.Name -ne 'pyftpdlib' }) {
    Describe 'Connect-Ftp, <Name> with TLS' -Tag NotOnWine -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name -Option '--tls'
            $folder = New-TestFolder $ftp
            $account = $ftp.Credential.UserName
            $pinned = @{ CertificateThumbprint = $ftp.Thumbprint }

            # Sends a file of some size, lists it, receives it and gives back how the data connections were opened.
            function Test-Transfer {
                $bytes = New-Object byte[] 300000
                (New-Object Random 7).NextBytes($bytes)
                $source = Join-Path $TestDrive 'source.bin'
                $copy = Join-Path $TestDrive 'copy.bin'
                [IO.File]::WriteAllBytes($source, $bytes)
                $up = Send-FtpItem $source "$($folder.Remote)/sent.bin" -Force
                (Get-FtpChildItem $folder.Remote | Where-Object Name -EQ 'sent.bin').Length | Should -Be $bytes.Length
                $down = Receive-FtpItem "$($folder.Remote)/sent.bin" $copy -Force
                (Get-FileHash $copy).Hash | Should -Be (Get-FileHash $source).Hash
                Remove-FtpItem "$($folder.Remote)/sent.bin" -Confirm:$false
                $up.Mode, $down.Mode
            }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'rejects a certificate that nobody vouches for, and says how to accept it' {
            $failure = Get-ExpectedError { Connect-TestServer $ftp }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpCertificateRejected,FtpTools.Commands.ConnectFtpCommand'
            $failure.CategoryInfo.Category | Should -Be 'SecurityError'
            Get-FtpSession | Should -BeNullOrEmpty
            $told = [regex]::Match($failure.Exception.Message, '-CertificateThumbprint (\w+)').Groups[1].Value
            $told | Should -Be $ftp.Thumbprint
            $session = Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -CertificateThumbprint $told -WarningVariable warnings
            $session.Security.Mode | Should -Be 'Explicit'
            $session.Security.Version | Should -BeLike 'TLS 1.*'
            $session.Security.CipherSuite | Should -Not -BeNullOrEmpty
            $session.Security.Thumbprint | Should -Be $ftp.Thumbprint
            $session.Security.Subject | Should -BeLike '*CN=localhost*'
            $warnings | Should -BeNullOrEmpty
            Test-Transfer | Should -Be 'Epsv', 'Epsv'
            Get-FtpSession | Out-String -Width 120 | Should -Match "(?m)$account +$($session.Security.Version -replace 'TLS ') +Auto"
        }

        It 'takes a fingerprint as <Name> writes it' -ForEach @(
            @{ Name = 'openssl'; Style = { $args[0] -replace '..(?!$)', '$0:' } }
            @{ Name = 'Windows'; Style = { [char]0x200E + ($args[0].ToLower() -replace '..(?!$)', '$0 ') } }
        ) {
            $session = Connect-TestServer $ftp @{ CertificateThumbprint = & $Style $ftp.Thumbprint }
            $session.Security.Thumbprint | Should -Be $ftp.Thumbprint
        }

        It 'rejects a certificate with another fingerprint' {
            $failure = Get-ExpectedError { Connect-TestServer $ftp @{ CertificateThumbprint = 'AB' * 32 } }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpCertificateRejected,FtpTools.Commands.ConnectFtpCommand'
            $failure.Exception.Message | Should -BeLike "*$('AB' * 32)*$($ftp.Thumbprint)*"
        }

        It 'takes any certificate with -SkipCertificateCheck, in that session alone' {
            (Connect-TestServer $ftp @{ SkipCertificateCheck = $true }).Security.Thumbprint | Should -Be $ftp.Thumbprint
            (Get-ExpectedError { Connect-TestServer $ftp }).FullyQualifiedErrorId | Should -BeLike 'FtpCertificateRejected,*'
        }

        It 'asks for TLS with -Tls <_>, and for none with -Tls None' -ForEach 'Auto', 'Explicit' {
            (Connect-TestServer $ftp (@{ Tls = $_ } + $pinned)).Security.Mode | Should -Be 'Explicit'
            $lines = Connect-TestServer $ftp @{ Tls = 'None'; Verbose = $true } 4>&1 3>&1 | ForEach-Object { "$_" }
            $lines | Should -Not -Match '--> AUTH|unencrypted'
            (Get-FtpSession -Current).Security | Should -BeNullOrEmpty
        }

        It 'ends with FtpTlsFailed where implicit TLS meets a server that speaks first' {
            $failure = Get-ExpectedError { Connect-TestServer $ftp (@{ Tls = 'Implicit'; TimeoutSec = 5 } + $pinned) }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpTlsFailed,FtpTools.Commands.ConnectFtpCommand'
            $failure.CategoryInfo.Category | Should -Be 'SecurityError'
            $failure.Exception.Message | Should -BeLike '*-Tls Explicit*'
        }

        It 'transfers and lists in the mode <Mode> with -TlsVersion <Version>' -ForEach @(
            @{ Mode = 'Passive'; Used = 'Epsv'; Version = 'Tls12' }
            @{ Mode = 'Active'; Used = 'Port'; Version = 'Tls12' }
            @{ Mode = 'Active'; Used = 'Port'; Version = 'Any' }
        ) {
            $session = Connect-TestServer $ftp (@{ Mode = $Mode; TlsVersion = $Version } + $pinned)
            if ($Version -eq 'Tls12') { $session.Security.Version | Should -Be 'TLS 1.2' }
            Test-Transfer | Should -Be $Used, $Used
        }

        It 'speaks TLS 1.3 with -TlsVersion Tls13' {
            Skip-Test -If ($PSEdition -eq 'Desktop') -Because 'the .NET Framework does not offer TLS 1.3 on every Windows that has it'
            (Connect-TestServer $ftp (@{ TlsVersion = 'Tls13' } + $pinned)).Security.Version | Should -Be 'TLS 1.3'
        }

        It 'encrypts data connections, and not with -DataProtection Clear' {
            $null = Connect-TestServer $ftp (@{ Verbose = $true } + $pinned) 4>&1 | Tee-Object -Variable lines
            "$lines" | Should -Match '--> PROT P'
            $null = Connect-TestServer $ftp (@{ Verbose = $true; DataProtection = 'Clear' } + $pinned) 4>&1 | Tee-Object -Variable lines
            "$lines" | Should -Match '--> PROT C'
            Test-Transfer | Should -Be 'Epsv', 'Epsv'
        }

        It 'takes ftpes:// as explicit TLS, in its directory' {
            $session = Connect-Ftp -Uri "ftpes://$account@$($ftp.Host):$($ftp.Port)$($folder.Remote)" -Credential $ftp.Credential @pinned
            $session.Security.Mode | Should -Be 'Explicit'
            $session.Location | Should -Be $folder.Remote
        }

        It 'refuses a client certificate without its private key' {
            $session = Connect-TestServer $ftp $pinned
            $public = New-Object Security.Cryptography.X509Certificates.X509Certificate2 (, $session.Security.GetCertificate().RawData)
            $failure = Get-ExpectedError { Connect-TestServer $ftp (@{ ClientCertificate = $public } + $pinned) }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpTlsFailed,FtpTools.Commands.ConnectFtpCommand'
            $failure.Exception.Message | Should -BeLike '*private key*'
        }

        It 'serves parallel runspaces with a session each' {
            Skip-Test -If ($PSEdition -eq 'Desktop') -Because 'Windows PowerShell has no ForEach-Object -Parallel'
            $names = 1..6 | ForEach-Object -ThrottleLimit 3 -Parallel {
                Import-Module $using:manifest
                $ftp = $using:ftp
                $null = Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -CertificateThumbprint $ftp.Thumbprint
                $file = Join-Path $using:TestDrive "parallel$_.txt"
                Set-Content $file "file $_" -NoNewline
                foreach ($again in 1..3) { $null = Send-FtpItem $file "$(($using:folder).Remote)/" -Force }
                $null = Receive-FtpItem "$(($using:folder).Remote)/parallel$_.txt" "$file.back" -Force
                Get-Content "$file.back"
                Disconnect-Ftp
            }
            $names | Sort-Object | Should -Be (1..6 | ForEach-Object { "file $_" })
        }

        It 'leaves TLS on the control connection with -ClearCommandChannel, and data encrypted' {
            Skip-Test -If ($Name -eq 'vsftpd') -Because 'vsftpd does not know CCC'
            $null = Connect-TestServer $ftp (@{ Verbose = $true; ClearCommandChannel = $true } + $pinned) 4>&1 | Tee-Object -Variable lines
            "$lines" | Should -Match '--> PROT P.*--> CCC'
            (Get-FtpSession -Current).Security.Mode | Should -Be 'Explicit'
            Test-Transfer | Should -Be 'Epsv', 'Epsv'
            Set-FtpMode Active
            Test-Transfer | Should -Be 'Port', 'Port'
        }

        It 'needs no parameter where the system trusts the certificate, by name and by address' {
            Skip-Test -If ($Name -eq 'embedded') -Because 'the embedded server keeps its certificate in memory, where nothing can be made to trust it'
            $probe = Join-Path $TestDrive 'trusted.ps1'
            Set-Content $probe @'
param($Manifest, $Port, $User)
Import-Module $Manifest
$credential = New-Object Management.Automation.PSCredential $User, (ConvertTo-SecureString ([Console]::In.ReadLine()) -AsPlainText -Force)
foreach ($computer in 'localhost', '127.0.0.1', '127.0.0.2') {
    try { "$computer $((Connect-Ftp $computer -Port $Port -Credential $credential).Security.Mode) $(@(Get-FtpChildItem /).Count -gt 0)" }
    catch { "$computer $($_.FullyQualifiedErrorId)" }
}
'@
            $env:SSL_CERT_FILE = $ftp.Certificate
            try { $lines = $ftp.Credential.GetNetworkCredential().Password | & (Get-PowerShellPath) -NoProfile -File $probe $manifest $ftp.Port $account }
            finally { $env:SSL_CERT_FILE = $null }
            # The server does not listen at 127.0.0.2, or else its certificate is not for it.
            $lines[0, 1] | Should -Be 'localhost Explicit True', '127.0.0.1 Explicit True'
            $lines[2] | Should -Match '127.0.0.2 Ftp(HostUnreachable|CertificateRejected),'
        }
    }

}

# Pure-FTPd and pyftpdlib have no implicit TLS.
foreach ($server in $servers | Where-Object { $_.Name -notin 'pureftpd', 'pyftpdlib' }) {
    Describe 'Connect-Ftp, <Name> with implicit TLS' -Tag NotOnWine -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name -Option '--tls-implicit'
            $folder = New-TestFolder $ftp
            $pinned = @{ CertificateThumbprint = $ftp.Thumbprint }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'sends and lists with <_>' -ForEach '-Tls Implicit', 'ftps://' {
            $session = if ($_ -eq 'ftps://') { Connect-Ftp -Uri "ftps://$($ftp.Host):$($ftp.Port)" -Credential $ftp.Credential @pinned }
            else { Connect-TestServer $ftp (@{ Tls = 'Implicit' } + $pinned) }
            $session.Security.Mode | Should -Be 'Implicit'
            foreach ($mode in 'Passive', 'Active') {
                Set-FtpMode $mode
                $file = New-TestFile (Join-Path $TestDrive "$mode.txt") $mode
                $null = Send-FtpItem $file "$($folder.Remote)/" -Force
                Get-Content (Join-Path $folder.Local "$mode.txt") | Should -Be $mode
                (Get-FtpChildItem $folder.Remote).Name | Should -Contain "$mode.txt"
            }
        }

        It 'rejects a certificate that nobody vouches for' {
            (Get-ExpectedError { Connect-TestServer $ftp @{ Tls = 'Implicit' } }).FullyQualifiedErrorId | Should -BeLike 'FtpCertificateRejected,*'
        }
    }

}

# The embedded server and pyftpdlib ask nobody for a certificate.
foreach ($server in $servers | Where-Object { $_.Name -notin 'embedded', 'pyftpdlib' }) {
    Describe 'Connect-Ftp, <Name> that demands a client certificate' -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name -Option '--tls', '--client-certificate'
            $pinned = @{ CertificateThumbprint = $ftp.Thumbprint }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'shows -ClientCertificate on both connections' {
            $certificate = New-Object Security.Cryptography.X509Certificates.X509Certificate2 $ftp.ClientCertificate
            $certificate.HasPrivateKey | Should -BeTrue
            $null = Connect-TestServer $ftp (@{ ClientCertificate = $certificate } + $pinned)
            { Get-FtpChildItem / -ErrorAction Stop } | Should -Not -Throw
        }

        It 'ends with FtpTlsFailed without one, and names the parameter; TLS 1.<_>' -ForEach 2, 3 {
            $failure = Get-ExpectedError { Connect-TestServer $ftp (@{ TlsVersion = "Tls1$_" } + $pinned) }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpTlsFailed,FtpTools.Commands.ConnectFtpCommand'
            $failure.Exception.Message | Should -BeLike '*-ClientCertificate*'
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
        $PSDefaultParameterValues = @{ 'Connect-Ftp:Tls' = 'None' }
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
        @{ Uri = 'ftps://127.0.0.1:{0}/'; Id = 'FtpHostUnreachable' }
        @{ Uri = 'ftpes://127.0.0.1:{0}/'; Id = 'FtpHostUnreachable' }
        @{ Uri = 'http://127.0.0.1/'; Id = 'FtpInvalidName' }
        @{ Uri = 'somewhere/else'; Id = 'FtpInvalidName' }
    ) {
        (Get-ExpectedError { Connect-Ftp -Uri ($Uri -f $port) }).FullyQualifiedErrorId | Should -Be "$Id,FtpTools.Commands.ConnectFtpCommand"
    }

    It 'does not repeat an address that may have a password in it' -ForEach @(
        @{ Uri = 'http://me:secret@127.0.0.1/' }
        @{ Uri = 'me:secret@127.0.0.1' }
    ) {
        (Get-ExpectedError { Connect-Ftp -Uri $Uri }).Exception.Message | Should -Not -Match 'secret'
    }

    It 'does not repeat <_>, which is no address, in whatever the error holds' -ForEach 'ftp://me:secret@127.0.0.1:99999/', 'ftp://me:secret#@127.0.0.1', 'ftp://me:secret?@127.0.0.1' {
        $address = $_
        foreach ($parameters in @{ Uri = $address }, @{ ComputerName = '127.0.0.1'; Proxy = $address -replace '^ftp', 'socks5' }) {
            foreach ($command in 'Connect-Ftp', 'Test-FtpConnection') {
                $failure = Get-ExpectedError { & $command @parameters }
                $failure | Should -Not -BeNullOrEmpty
                for ($cause = $failure.Exception; $cause; $cause = $cause.InnerException) { "$($cause.Message)" | Should -Not -Match 'secret' }
                "$($failure.TargetObject) $($failure.CategoryInfo) $($failure.ErrorDetails)" | Should -Not -Match 'secret'
            }
        }
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
        $failure.Exception.Message | Should -Match 'prox(y|ies)'
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
        @{ Name = 'Tls'; Value = 'Sometimes' }
        @{ Name = 'TlsVersion'; Value = 'Tls11' }
        @{ Name = 'DataProtection'; Value = 'Safe' }
        @{ Name = 'CertificateThumbprint'; Value = '' }
    ) {
        $parameters = @{ ComputerName = '127.0.0.1'; Port = $port }
        $parameters[$Name] = $Value
        $failure = Get-ExpectedError { Connect-Ftp @parameters }
        $failure.CategoryInfo.Category | Should -BeIn 'InvalidData', 'InvalidArgument'
        $failure.Exception.ParameterName | Should -Be $Name
    }

    It 'says what a fingerprint is for -CertificateThumbprint <Value>' -ForEach @(
        @{ Value = '0123456789ABCDEF'; Words = '*isn''t a SHA-256 fingerprint*64 hexadecimal digits*' }
        @{ Value = 'G' * 64; Words = '*isn''t a SHA-256 fingerprint*64 hexadecimal digits*' }
        @{ Value = '01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67'; Words = '*SHA-1*SHA-256*' }
    ) {
        $failure = Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $port -CertificateThumbprint $Value }
        $failure.FullyQualifiedErrorId | Should -Be 'ParameterArgumentTransformationError,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -BeLike $Words
    }

    It 'accepts the encoding <_>' -ForEach 'utf8', 'utf-8', 'windows-1252', 1252, 'iso-8859-1' {
        (Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $port -Encoding $_ }).FullyQualifiedErrorId | Should -BeLike 'FtpHostUnreachable,*'
    }

    It 'writes FtpLocalFileError for a log that cannot be opened' {
        $log = Join-Path $TestDrive 'missing/ftp.log'
        (Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $port -LogPath $log }).FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.ConnectFtpCommand'
    }
}

Describe 'Connect-Ftp -Account' -Skip:$servers[0].Skip {
    BeforeAll { $ftp = Start-TestServer embedded -Option '--account', 'purchasing' }
    AfterEach { Disconnect-Ftp -All }

    It 'answers a server that asks for an account, and logs none' {
        $log = Join-Path $TestDrive 'account.log'
        (Connect-TestServer $ftp @{ Account = 'purchasing'; LogPath = $log }).State | Should -Be 'Opened'
        Disconnect-Ftp -All
        $lines = Get-Content $log
        @($lines) -match '--> ACCT' | Should -HaveCount 1
        "$lines" | Should -Not -Match 'purchasing'
    }

    It 'ends with FtpLoginFailed that names the parameter where it is missing, and with the server''s words where it is wrong' {
        $failure = Get-ExpectedError { Connect-TestServer $ftp }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpLoginFailed,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -BeLike '*332*-Account*'
        (Get-ExpectedError { Connect-TestServer $ftp @{ Account = 'wrong' } }).FullyQualifiedErrorId | Should -BeLike 'FtpLoginFailed,*'
        Get-FtpSession | Should -BeNullOrEmpty
    }

    It 'is taken by Test-FtpConnection too' {
        $steps = Test-FtpConnection $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -Account purchasing -Tls None -Mode Epsv
        ($steps | Where-Object Step -EQ Login).Succeeded | Should -BeTrue
    }
}

Describe 'Connect-Ftp -ServerTimeZone, <Name>' -ForEach @(
    @{ Name = 'embedded'; Option = @('--without-facts'); Skip = $servers[0].Skip }
    @{ Name = 'vsftpd'; Option = @(); Skip = ($servers | Where-Object { $_.Name -eq 'vsftpd' }).Skip }
) {
    BeforeAll {
        if (-not $Skip) {
            $ftp = Start-TestServer $Name -Option $Option
            $folder = New-TestFolder $ftp
            $file = New-Item (Join-Path $folder.Local 'a.txt') -Value 'text'
            # Of a minute that has begun, and of this half of the year.
            $now = [DateTime]::UtcNow
            $file.LastWriteTimeUtc = $now.AddHours(-2).AddSeconds(-$now.Second).AddMilliseconds(-$now.Millisecond)
            $utc = $file.LastWriteTimeUtc
            $utc = $utc.AddTicks(-($utc.Ticks % [TimeSpan]::TicksPerMinute))
        }
    }
    AfterEach { Disconnect-Ftp -All }

    It 'is measured by default' -Skip:$Skip {
        $session = Connect-TestServer $ftp
        $session.ServerTimeZoneOffset | Should -BeNullOrEmpty
        $item = Get-FtpChildItem $folder.Remote
        $item.LastWriteTimeUtc | Should -Be $utc
        $item.TimePrecision | Should -Be 'Minute'
        $session.ServerTimeZoneOffset | Should -Be ([TimeSpan]::Zero)
    }

    It 'takes <Value>' -Skip:$Skip -ForEach @(
        @{ Value = '+02:00'; Hours = 2 }
        @{ Value = '-0730'; Hours = -7.5 }
        @{ Value = 5; Hours = 5 }
        @{ Value = 'UTC+1'; Hours = 1 }
        @{ Value = [TimeSpan]'09:30'; Hours = 9.5 }
        @{ Value = 'UTC'; Hours = 0 }
        @{ Value = [TimeZoneInfo]::Utc; Hours = 0 }
    ) {
        $session = Connect-TestServer $ftp @{ ServerTimeZone = $Value }
        (Get-FtpChildItem $folder.Remote).LastWriteTimeUtc | Should -Be $utc.AddHours(-$Hours)
        $session.ServerTimeZoneOffset | Should -Be ([TimeSpan]::FromHours($Hours))
    }

    It 'refuses <_>' -Skip:$Skip -ForEach 'Atlantis/Capital', '+15:00', '' {
        (Get-ExpectedError { Connect-TestServer $ftp @{ ServerTimeZone = $_ } }).FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentTransformationError,*'
    }
}
