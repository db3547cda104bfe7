BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
    $vsftpd = $servers | Where-Object { $_.Name -eq 'vsftpd' }
    $lab = "$PSScriptRoot/../Servers/firewall-lab"
    $noLab = $vsftpd.Reason
    if (-not $noLab) {
        $said = & bash $lab check 2>&1
        if ($LASTEXITCODE) { $noLab = "There can be no firewalls here: $said" }
    }

    # Fail: the modes that do not work, how far they come (Stage), the mode of the recommendation, and words of the diagnosis
    # of each that fails. Tls: once more with TLS, which makes a difference where it has TlsFail and TlsWords.
    $cases = @(
        @{ Case = 'open'; Tls = $true; Mode = 'Auto' }
        @{ Case = 'passive-drop'; Tls = $true; Fail = 'Epsv', 'Pasv'; Stage = 'Open'; Mode = 'Active'; Words = 'Nothing answered at 192.168.66.2:* within 2 seconds: *silently drops*passive ports*pasv_min_port*or use active mode.' }
        @{ Case = 'passive-reset'; Fail = 'Epsv', 'Pasv'; Stage = 'Open'; Mode = 'Active'; Words = '192.168.66.2:* refused the connection at once*rejects*passive ports*pasv_min_port*or use active mode.' }
        @{ Case = 'active-drop'; Fail = 'Port', 'Eprt'; Stage = 'Open'; Mode = 'Auto'; Words = '*10.66.1.2:* did not arrive within 2 seconds*firewall on this computer*silently drops*Use passive mode*-ActivePortRange*192.168.66.2.' }
        @{ Case = 'active-reset'; Fail = 'Port', 'Eprt'; Stage = 'Open'; Mode = 'Auto'; Words = '*dialled 10.66.1.2:*did not get through*firewall on this computer*rejects*425*Use passive mode*-ActivePortRange*192.168.66.2.' }
        @{ Case = 'both-drop'; Fail = 'Epsv', 'Pasv', 'Port', 'Eprt'; Stage = 'Open'; Words = '*silently drops*' }
        @{ Case = 'nat-server'; Tls = $true; Mode = 'Auto' }
        @{ Case = 'nat-server-closed'; Fail = 'Epsv', 'Pasv'; Stage = 'Open'; Mode = 'Active'; Words = 'Nothing answered at 10.66.1.1:*silently drops*or use active mode.' }
        @{
            Case     = 'nat-client'; Tls = $true; Fail = 'Port', 'Eprt'; Stage = 'Announce'; Mode = 'Auto'
            Words    = '*told the server 10.66.1.2:*another address: NAT stands between.*500*No FTP helper*Use passive mode*-ActiveAddress*-ActivePortRange*forward*'
            TlsWords = '*NAT stands between.*500*TLS hides*Use passive mode*-ActiveAddress*-ActivePortRange*forward*-ClearCommandChannel*'
        }
        @{ Case = 'nat-client-helper'; Tls = $true; TlsFail = 'Port', 'Eprt'; Stage = 'Announce'; Mode = 'Auto'; TlsWords = '*NAT stands between.*TLS hides*-ClearCommandChannel*' }
        @{ Case = 'control-drop'; NoConnect = 'FtpTimeout'; Words = 'Nothing answered at 192.168.66.2 within 3 seconds: a firewall silently drops*Have the port opened*-Proxy*' }
        @{ Case = 'control-reset'; NoConnect = 'FtpHostUnreachable'; Words = 'Port * refused the connection at once: no FTP server listens there, or a firewall rejects it.*' }
        @{ Case = 'ipv6-only'; Skip = 'Pasv', 'Port'; Mode = 'Auto' }
    ) | ForEach-Object {
        foreach ($option in @('', '--tls')[0..[int][bool]$_.Tls]) {
            $row = @{ Option = $option; Name = "$($_.Case)$option"; Fail = @(); Skip = @(); Mode = ''; NoConnect = ''; Stage = ''; Words = '' }
            foreach ($key in $_.Keys) { $row[$key] = $_[$key] }
            if ($option -and $row.TlsWords) { $row.Words = $row.TlsWords }
            if ($option -and $row.TlsFail) { $row.Fail = $row.TlsFail }
            $row
        }
    }
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
            $tls.Diagnosis | Should -BeLike '*no TLS*unencrypted*'
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
                $test.Diagnosis | Should -BeLike 'The data connection is not what failed: *would not take the file*-Path*'
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
            $text | Should -Match '(?m)^Tls +- +\d+ ms The server offers no TLS'
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
            $tls.Diagnosis | Should -BeLike "TLS 1.*CN=localhost*valid until 20*$($ftp.Thumbprint)*not checked*"
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
        @{ Name = 'data in clear text'; With = @{ SkipCertificateCheck = $true; DataProtection = 'Clear'; Mode = 'Epsv' }; Step = 'Listing'; Words = '*wants data connections to be encrypted*522*-DataProtection Clear*' }
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
        $tests[0].Diagnosis | Should -BeLike '*no-such-computer.invalid*does not resolve*'
    }

    It 'ends with the greeting where nobody speaks' {
        $tests = @(Test-FtpConnection 127.0.0.1 -Port $silent.LocalEndpoint.Port -TimeoutSec 1)
        $tests.Step | Should -Be 'Connect', 'Greeting'
        $tests[1].Succeeded | Should -BeFalse
        $tests[1].Diagnosis | Should -BeLike '*no FTP server has spoken*-Tls Implicit*'
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

Describe 'Test-FtpConnection, behind firewalls' -ForEach @{ Names = $cases.Name; Reason = $noLab } -Skip:($noLab -and $env:CI -ne 'true') {
    BeforeAll {
        if ($Reason) { throw $Reason }
        $script = (Resolve-Path "$PSScriptRoot/../Servers/firewall-lab").Path
        $probe = "$PSScriptRoot/FirewallProbe.ps1"
        $shell = Get-PowerShellPath
        $at = "/dev/shm/ftptools-module-$PID-labs"
        $null = New-Item $at -ItemType Directory -Force
        # The case whose times are looked at has the machine to itself; the others are several at a time, for most of what they
        # do is waiting. More would wait for the processors, longer than the time-outs of the probes.
        $first, $others = $Names.Where({ $_ -match '^passive-drop' }, 'Split')
        $probes = foreach ($group in $first, $others) {
            $group | ForEach-Object -ThrottleLimit $(if ($group[0] -eq $first[0]) { 1 } else { 4 }) -Parallel {
                $case, $tls = $_ -split '(?=--tls)'
                $file = "$using:at/$_.json"
                & bash $using:script up $case "$using:at/$_" @(if ($tls) { $tls }) --owner-pid $using:PID >$file 2>"$using:at/$_.errors"
                # 3: this kernel has not what the case needs.
                if ($LASTEXITCODE) { return [pscustomobject]@{ Name = $_; IsMissing = $LASTEXITCODE -eq 3; Text = Get-Content "$using:at/$_.errors" -Raw } }
                $client = (Get-Content $file -Raw | ConvertFrom-Json).client
                $text = & nsenter "--net=/run/netns/$client" $using:shell -NoProfile -File $using:probe $using:manifest $file 2>&1
                [pscustomobject]@{ Name = $_; IsMissing = $false; Text = "$text" }
            }
        }
        $missing = @($probes | Where-Object IsMissing | ForEach-Object Name)
        $results = @{}
        foreach ($one in $probes) { $results[$one.Name] = $one.Text }
    }

    AfterAll {
        $Names | ForEach-Object -ThrottleLimit 8 -Parallel { & bash $using:script down "$using:at/$_" }
        Remove-Item $at -Recurse -Force
    }

    Context '<Name>' -ForEach $cases {
        BeforeAll {
            if ($Name -notin $missing) {
                $text = $results[$Name]
                $result = try { $text | ConvertFrom-Json } catch { throw "The lab or the probe of $Name failed: $text" }
            }
            else { $result = $null }
        }

        BeforeEach { if (-not $result) { Set-ItResult -Skipped -Because "the kernel lacks the module that $Name needs" } }

        It 'tells what works, and of the rest how far it came, why, and what to do' {
            if ($NoConnect) {
                $result.Tests | Should -HaveCount 1
                $result.Tests[0].Step | Should -Be 'Connect'
                $result.Tests[0].Succeeded | Should -BeFalse
                $result.Tests[0].Diagnosis | Should -BeLike $Words
                return
            }
            $listings = $result.Tests | Where-Object Step -EQ 'Listing'
            $listings.Mode | Should -Be 'Epsv', 'Pasv', 'Port', 'Eprt'
            foreach ($test in $listings) {
                if ($test.Mode -in $Skip) {
                    $test.Succeeded | Should -BeNullOrEmpty
                    $test.Diagnosis | Should -BeLike 'Not tried.*IPv6*RFC 2428*'
                }
                elseif ($test.Mode -in $Fail) {
                    $test.Succeeded | Should -BeFalse -Because $test.Diagnosis
                    $test.Stage | Should -Be $Stage
                    $test.Diagnosis | Should -BeLike $Words
                    $test.ErrorId | Should -Be 'FtpDataConnectionFailed'
                    # 2 seconds for the data connection, and not much more to give up on it.
                    $test.Milliseconds | Should -BeLessThan 5000
                }
                else {
                    $test.Succeeded | Should -BeTrue -Because $test.Diagnosis
                    $test.Stage | Should -Be 'Done'
                    $test.Diagnosis | Should -BeLike 'Works:*'
                    if ($Option) { $test.Resumed | Should -BeTrue }
                }
            }
        }

        It 'recommends what works, and the line that is recommended does at once' {
            $recommendation = $result.Tests | Where-Object Step -EQ 'Recommendation'
            if ($NoConnect) { $recommendation | Should -BeNullOrEmpty }
            elseif ($Mode) {
                $recommendation.Succeeded | Should -BeTrue
                $recommendation.Mode | Should -Be $Mode
                $result.Recommended.Message | Should -BeNullOrEmpty
                $result.Recommended.Milliseconds | Should -BeLessThan 1500
                ($recommendation.Command -match '-Mode') | Should -Be ($Mode -ne 'Auto')
            }
            else {
                $recommendation.Succeeded | Should -BeFalse
                $recommendation.Command | Should -BeNullOrEmpty
                $recommendation.Diagnosis | Should -BeLike 'No data connection works*passive mode is mostly the easiest: Open the server''s range of passive ports*pasv_min_port*'
                # What does not work is no way out.
                $recommendation.Diagnosis | Should -Not -Match 'active mode'
            }
        }

        It 'gets everything through in Auto mode where any mode can, and pays for finding out once' {
            if ($NoConnect) {
                $result.Connect.ErrorId | Should -Be $NoConnect
                return
            }
            $result.Connect.Message | Should -BeNullOrEmpty
            if (-not $Mode) {
                $result.First.ErrorId | Should -Be 'FtpDataConnectionFailed'
                $result.First.Message | Should -Match 'EPSV: .*PASV: .*PORT: .*Test-FtpConnection'
                return
            }
            $result.First.Message | Should -BeNullOrEmpty
            # The time for a data connection and a second, or where others share the machine, as they do here, some more.
            $result.First.Milliseconds | Should -BeLessThan $(if ($Case -eq 'passive-drop') { 3000 } else { 5000 })
            $result.Second.Milliseconds | Should -BeLessThan 1000
            $way = if ($Fail -contains 'Epsv') { 'Port' } else { 'Epsv' }
            $result.Upload.Value | Should -Be $way -Because $result.Upload.Message
            $result.Download.Value | Should -Be $way -Because $result.Download.Message
            $result.Content | Should -Be 'through the firewall'
        }
    }

    It 'says of a server behind NAT that its announcement is wrong: <Name>' -ForEach ($cases | Where-Object { $_.Case -like 'nat-server*' }) {
        $result = $results[$Name] | ConvertFrom-Json
        $pasv = $result.Tests | Where-Object Mode -EQ 'Pasv'
        $pasv.Announced | Should -Match '^192\.168\.66\.2:\d+$'
        $pasv.Used | Should -Match '^10\.66\.1\.1:\d+$'
        $pasv.Diagnosis | Should -BeLike '*announced its private address 192.168.66.2, so it stands behind NAT*dialled*instead.*'
        if ($Case -eq 'nat-server-closed') { $pasv.Diagnosis | Should -BeLike '*Have the router in front of the server forward*' }
        else {
            $result.Trusting.Succeeded | Should -BeFalse
            $result.Trusting.Used | Should -Match '^192\.168\.66\.2:\d+$'
            $result.Trusting.Diagnosis | Should -BeLike '*announced its private address 192.168.66.2*-TrustPassiveAddress*leave that out.'
        }
    }
}
