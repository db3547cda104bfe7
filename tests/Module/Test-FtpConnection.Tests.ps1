BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
    $vsftpd = $servers | Where-Object { $_.Name -eq 'vsftpd' }
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module $manifest

    # A step's row, or a mode's.
    function Select-Test($Tests, [string] $Step, [string] $Mode) { $Tests | Where-Object { $_.Step -eq $Step -and (-not $Mode -or $_.Mode -eq $Mode) } }

    # The recommended line, to be run with an account that is at hand.
    function Get-Line($Tests) { (Select-Test $Tests Recommendation).Command -replace '-Credential \S+', '-Credential $ftp.Credential' }
}

foreach ($server in $servers) {
    Describe 'Test-FtpConnection, <Name>' -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $target = @{ ComputerName = $ftp.Host; Port = $ftp.Port; Credential = $ftp.Credential }
            $password = $ftp.Credential.GetNetworkCredential().Password
        }

        AfterEach { Disconnect-Ftp -All }

        It 'tells of each step from the name to the recommendation, and leaves no session' {
            $tests = Test-FtpConnection @target -WarningVariable warnings
            $tests | Should -BeOfType FtpTools.FtpConnectionTest
            $tests.Step | Should -Be 'Connect', 'Greeting', 'Tls', 'Login', 'Features', 'Listing', 'Listing', 'Listing', 'Listing', 'Recommendation'
            ($tests | Where-Object Step -EQ 'Listing').Mode | Should -Be 'Epsv', 'Pasv', 'Port', 'Eprt'
            $tests | Where-Object Step -NE 'Tls' | ForEach-Object { $_.Succeeded | Should -BeTrue -Because $_.Diagnosis }
            $tests.Diagnosis | Should -Not -BeNullOrEmpty
            $tests.ComputerName | Select-Object -Unique | Should -Be $ftp.Host
            $tests.Port | Select-Object -Unique | Should -Be $ftp.Port
            $greeting = Select-Test $tests Greeting
            $greeting.Reply | Should -Match '^220'
            $tls = Select-Test $tests Tls
            $tls.Succeeded | Should -BeNullOrEmpty
            $tls.Command | Should -Be 'AUTH TLS'
            $tls.Diagnosis | Should -BeLike '*doesn''t offer TLS*unencrypted*'
            $pasv = Select-Test $tests Listing Pasv
            $pasv.Announced | Should -Match "^$($ftp.Host):\d+$"
            $pasv.Used | Should -Be $pasv.Announced
            $pasv.Stage | Should -Be 'Done'
            $pasv.Resumed | Should -BeNullOrEmpty
            $pasv.Elapsed | Should -BeGreaterThan ([TimeSpan]::Zero)
            $port = Select-Test $tests Listing Port
            $port.Diagnosis | Should -BeLike "Works: *$($port.Used) to $($port.Announced)*"
            (Select-Test $tests Recommendation).Mode | Should -Be 'Auto'
            # It says so in a row of its own.
            $warnings | Should -BeNullOrEmpty
            Get-FtpSession | Should -BeNullOrEmpty
        }

        It 'begins with the name where there is one, and takes an address' {
            $tests = Test-FtpConnection localhost -Port $ftp.Port -Credential $ftp.Credential -Mode Epsv
            $tests[0].Step | Should -Be 'Resolve'
            $tests[0].Diagnosis | Should -BeLike '*127.0.0.1*'
            $tests = Test-FtpConnection -Uri "ftp://$($ftp.Host):$($ftp.Port)$($folder.Remote)" -Credential $ftp.Credential -Mode Epsv
            $tests[-1].Succeeded | Should -BeTrue
        }

        It 'recommends a line that connects' {
            $tests = Test-FtpConnection @target
            $session = Invoke-Expression (Get-Line $tests)
            $session.State | Should -Be 'Opened'
            $session.UserName | Should -Be $ftp.Credential.UserName
            { Get-FtpChildItem / -ErrorAction Stop } | Should -Not -Throw
        }

        It 'tests the server of a session: the current one, of the pipeline, by name, with the mode to set' {
            $one = Connect-TestServer $ftp @{ Name = 'one'; MaxConnection = 1 }
            $null = Connect-TestServer $ftp @{ Name = 'two' }
            foreach ($tests in @(Test-FtpConnection), @($one | Test-FtpConnection), @(Test-FtpConnection -Session one)) {
                $tests[-1].Step | Should -Be 'Recommendation'
                $tests[-1].Command | Should -Be 'Set-FtpMode Auto'
                ($tests | Where-Object Step -EQ 'Listing').Succeeded | Should -Be $true, $true, $true, $true
                { Invoke-Expression $tests[-1].Command } | Should -Not -Throw
            }
            # The session's own connection has been left alone.
            (Get-FtpSession one).ConnectionCount | Should -Be 1
            Get-FtpChildItem $folder.Remote -Session one | Should -BeNullOrEmpty
        }

        It 'tries <Commands> with -Mode <Mode>' -ForEach @(
            @{ Mode = 'Passive'; Commands = 'Epsv', 'Pasv' }
            @{ Mode = 'Active'; Commands = 'Port', 'Eprt' }
            @{ Mode = 'Pasv'; Commands = 'Pasv' }
            @{ Mode = 'Eprt'; Commands = 'Eprt' }
        ) {
            $tests = Test-FtpConnection @target -Mode $Mode
            ($tests | Where-Object Step -EQ 'Listing').Mode | Should -Be $Commands
            $tests[-1].Succeeded | Should -BeTrue
            (Invoke-Expression (Get-Line $tests)).Mode | Should -Be $tests[-1].Mode
        }

        It 'sends a file with -Path, and leaves nothing behind' {
            $tests = Test-FtpConnection @target -Path $folder.Remote
            ($tests | Where-Object Step -EQ 'Upload').Mode | Should -Be 'Epsv', 'Pasv', 'Port', 'Eprt'
            $tests | Where-Object Step -EQ 'Upload' | ForEach-Object { $_.Succeeded | Should -BeTrue -Because $_.Diagnosis }
            $null = Connect-TestServer $ftp
            Set-FtpMode Active
            (Test-FtpConnection -Path ($folder.Remote.TrimStart('/')) -Mode Epsv | Where-Object Step -EQ 'Upload').Succeeded | Should -BeTrue
            Get-ChildItem $folder.Local -Force | Should -BeNullOrEmpty
        }

        It 'does not blame the mode for a directory that cannot be written to' {
            $tests = Test-FtpConnection @target -Path "$($folder.Remote)/missing"
            foreach ($test in $tests | Where-Object Step -EQ 'Upload') {
                $test.Succeeded | Should -BeFalse
                $test.Diagnosis | Should -BeLike 'The data connection isn''t the cause of the failure: *didn''t accept the file*-Path*'
            }
            $tests[-1].Succeeded | Should -BeTrue
            $tests[-1].Mode | Should -Be 'Auto'
            $tests[-1].Diagnosis | Should -BeLike '*refused the upload itself*'
        }

        It 'ends with the login where the account is refused' {
            Skip-Test -If ($Name -eq 'pureftpd') -Because 'Pure-FTPd takes seconds to say so, and says nothing that the others do not'
            $wrong = New-Object Management.Automation.PSCredential $ftp.Credential.UserName, (ConvertTo-SecureString 'not-the-word' -AsPlainText -Force)
            $tests = Test-FtpConnection $ftp.Host -Port $ftp.Port -Credential $wrong
            $tests[-1].Step | Should -Be 'Login'
            $tests[-1].Succeeded | Should -BeFalse
            $tests[-1].ErrorId | Should -Be 'FtpLoginFailed'
            $tests[-1].Reply | Should -Match '^530'
            $tests[-1].Diagnosis | Should -BeLike '*530*password*'
            "$($tests | Format-List * | Out-String -Width 500)" | Should -Not -Match 'not-the-word'
        }

        It 'shows the password nowhere' {
            $all = Test-FtpConnection @target -Path $folder.Remote -Verbose -Debug *>&1
            $text = @($all | Out-String -Width 500) + @($all | Format-List * -Force | Out-String -Width 500) + @($all | ConvertTo-Json -Depth 3 -WarningAction Ignore) -join "`n"
            $text | Should -Match '--> PASS'
            $text | Should -Not -Match ([regex]::Escape($password))
        }

        It 'is shown in a table, with the recommended line as a line of its own' {
            $tests = Test-FtpConnection @target -Mode Epsv
            $text = ($tests | Out-String -Width 200) -replace '\x1b\[[\d;]*m'
            $text | Should -Match "Server: $($ftp.Host), port $($ftp.Port)"
            $text | Should -Match '(?m)^Step +Mode +Result +Time +Diagnosis'
            $text | Should -Match '(?m)^Tls +- +\d+ ms The server doesn''t offer TLS'
            $text | Should -Match '(?m)^Listing +Epsv +OK +(\d+ ms|\d\.\d s) Works'
            $text -replace ' `\r?\n +', ' ' -split '\r?\n' | Should -Contain $tests[-1].Command
            $tests | Format-Table | Out-String -Width 120 | Should -Match '(?m)^Step +Mode +Result +Diagnosis'
        }
    }
}

# MainJob.Tests.ps1 has pyftpdlib with TLS.
foreach ($server in $servers | Where-Object { $_.Name -ne 'pyftpdlib' }) {
    Describe 'Test-FtpConnection, <Name> with TLS' -Tag NotOnWine -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name -Option '--tls'
            $folder = New-TestFolder $ftp
            $target = @{ ComputerName = $ftp.Host; Port = $ftp.Port; Credential = $ftp.Credential }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'ends with TLS where the certificate is rejected, and says how to accept it' {
            $tests = Test-FtpConnection @target
            $tests[-1].Step | Should -Be 'Tls'
            $tests[-1].Succeeded | Should -BeFalse
            $tests[-1].ErrorId | Should -Be 'FtpCertificateRejected'
            $tests[-1].Diagnosis | Should -BeLike "*-CertificateThumbprint $($ftp.Thumbprint)*"
        }

        It 'tells of version and certificate, and recommends to nail down what was not checked' {
            $tests = Test-FtpConnection @target -SkipCertificateCheck -Path $folder.Remote
            $tls = Select-Test $tests Tls
            $tls.Succeeded | Should -BeTrue
            $tls.Command | Should -Be 'AUTH TLS'
            $tls.Diagnosis | Should -BeLike "TLS 1.*CN=localhost*valid until 20*$($ftp.Thumbprint)*wasn't checked*"
            foreach ($test in $tests | Where-Object Mode) { $test.Succeeded | Should -BeTrue -Because $test.Diagnosis }
            foreach ($test in $tests | Where-Object Step -EQ 'Listing') {
                $test.Diagnosis | Should -BeLike '*Secured by TLS 1.*'
                # Pure-FTPd gives out no ticket under 1.3, and asks for none.
                if ($Name -in 'vsftpd', 'proftpd') { $test.Resumed | Should -BeTrue }
            }
            $tests[-1].Command | Should -BeLike "*-Tls Explicit -CertificateThumbprint $($ftp.Thumbprint)"
            (Invoke-Expression (Get-Line $tests)).Security.Thumbprint | Should -Be $ftp.Thumbprint
            ($tests | Out-String -Width 200) -replace '\x1b\[[\d;]*m' -replace ' `\r?\n +', ' ' -split '\r?\n' | Should -Contain $tests[-1].Command
            Get-ChildItem $folder.Local -Force | Should -BeNullOrEmpty
            # The session's certificate is the session's.
            (Test-FtpConnection -Mode Active | Where-Object Step -EQ 'Listing').Succeeded | Should -Be $true, $true
        }
    }
}

Describe 'Test-FtpConnection, vsftpd that insists on TLS' -ForEach $vsftpd -Skip:$vsftpd.Skip {
    BeforeAll { $ftp = Start-TestServer vsftpd -Option '--tls-required' }

    It 'says of <Name> what the server wants' -ForEach @(
        @{ Name = 'a session in clear text'; With = @{ Tls = 'None' }; Step = 'Login'; Words = '*530*' }
        @{ Name = 'data in clear text'; With = @{ SkipCertificateCheck = $true; DataProtection = 'Clear'; Mode = 'Epsv' }; Step = 'Listing'; Words = '*requires encrypted data connections*522*-DataProtection Clear*' }
    ) {
        $tests = Test-FtpConnection $ftp.Host -Port $ftp.Port -Credential $ftp.Credential @With
        $test = Select-Test $tests $Step
        $test.Succeeded | Should -BeFalse
        $test.Diagnosis | Should -BeLike $Words
        @($tests)[-1].Succeeded | Should -BeFalse
    }
}

Describe 'Test-FtpConnection, through a proxy' -ForEach $vsftpd -Skip:$vsftpd.Skip {
    BeforeAll {
        $ftp = Start-TestServer vsftpd
        $proxy = Start-TestProxy microsocks
    }

    AfterAll {
        Disconnect-Ftp -All
        Stop-TestProxy $proxy
    }

    It 'tries what a proxy can do, and recommends to go through it again' {
        $tests = Test-FtpConnection localhost -Port $ftp.Port -Credential $ftp.Credential -Proxy $proxy.Uri -ProxyCredential $proxy.Credential
        # The name is the proxy's to look up.
        $tests[0].Step | Should -Be 'Connect'
        ($tests | Where-Object Step -EQ 'Listing').Succeeded | Should -Be $true, $true, $null, $null
        (Select-Test $tests Listing Port).Diagnosis | Should -BeLike 'Not tried.*proxy*'
        $line = (Get-Line $tests) -replace '-ProxyCredential \S+', '-ProxyCredential $proxy.Credential'
        $line | Should -BeLike "*-Proxy $($proxy.Uri) *"
        (Invoke-Expression $line).State | Should -Be 'Opened'
    }
}

Describe 'Test-FtpConnection, without a server' {
    BeforeAll {
        # One port that nobody listens on, and one where somebody does and says nothing.
        $silent = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Loopback), 0
        $silent.Start()
        $free = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Loopback), 0
        $free.Start()
        $closed = $free.LocalEndpoint.Port
        $free.Stop()
    }

    AfterAll { $silent.Stop() }

    It 'ends with the connection where nothing listens' {
        $tests = @(Test-FtpConnection 127.0.0.1 -Port $closed)
        $tests | Should -HaveCount 1
        $tests[0].Step | Should -Be 'Connect'
        $tests[0].Succeeded | Should -BeFalse
        $tests[0].Diagnosis | Should -BeLike "Port $closed refused*"
        $tests[0].ErrorId | Should -Be 'FtpHostUnreachable'
        ($tests | Out-String -Width 120) -replace '\x1b\[[\d;]*m' | Should -Match '(?m)^Connect +FAILED +\d+ ms Port'
    }

    It 'ends with the name where there is none' {
        $tests = @(Test-FtpConnection no-such-computer.invalid -TimeoutSec 5)
        $tests | Should -HaveCount 1
        $tests[0].Step | Should -Be 'Resolve'
        $tests[0].Succeeded | Should -BeFalse
        $tests[0].Diagnosis | Should -BeLike '*no-such-computer.invalid*could not be resolved*'
    }

    It 'ends with the greeting where nobody speaks' {
        $tests = @(Test-FtpConnection 127.0.0.1 -Port $silent.LocalEndpoint.Port -TimeoutSec 1)
        $tests.Step | Should -Be 'Connect', 'Greeting'
        $tests[1].Succeeded | Should -BeFalse
        $tests[1].Diagnosis | Should -BeLike '*no FTP server sent a greeting*-Tls Implicit*'
    }

    It 'emits each step as it is done, and ends when no more is wanted' {
        $time = [Diagnostics.Stopwatch]::StartNew()
        (Test-FtpConnection 127.0.0.1 -Port $silent.LocalEndpoint.Port -TimeoutSec 60 | Select-Object -First 1).Step | Should -Be 'Connect'
        $time.Elapsed.TotalSeconds | Should -BeLessThan 10
    }

    It 'goes on with the next computer of the pipeline' {
        $tests = '127.0.0.1', 'no-such-computer.invalid', '127.0.0.1' | Test-FtpConnection -Port $closed -TimeoutSec 5
        $tests.Step | Should -Be 'Connect', 'Resolve', 'Connect'
    }

    It 'ends with FtpNoSession when there is neither a session nor a computer' {
        Disconnect-Ftp -All
        $failure = Get-ExpectedError { Test-FtpConnection }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpNoSession,FtpTools.Commands.TestFtpConnectionCommand'
    }
}
