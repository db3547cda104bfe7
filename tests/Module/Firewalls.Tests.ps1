<#
Test-FtpConnection, and a session in Auto mode, behind real firewalls. How long they take is looked at: nothing else is to
run beside this.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $vsftpd = Get-TestServer | Where-Object { $_.Name -eq 'vsftpd' }
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
        @{ Case = 'passive-drop'; Tls = $true; Fail = 'Epsv', 'Pasv'; Stage = 'Open'; Mode = 'Active'; Words = 'There was no response from 192.168.66.2:* within 2 seconds: *silently drops*passive ports*pasv_min_port*or use active mode.' }
        @{ Case = 'passive-reset'; Fail = 'Epsv', 'Pasv'; Stage = 'Open'; Mode = 'Active'; Words = '192.168.66.2:* refused the connection immediately*rejects*passive ports*pasv_min_port*or use active mode.' }
        @{ Case = 'active-drop'; Fail = 'Port', 'Eprt'; Stage = 'Open'; Mode = 'Auto'; Words = '*10.66.1.2:* didn''t arrive within 2 seconds*firewall on this computer*silently drops*Use passive mode*-ActivePortRange*192.168.66.2 *' }
        @{ Case = 'active-reset'; Fail = 'Port', 'Eprt'; Stage = 'Open'; Mode = 'Auto'; Words = '*could not connect to 10.66.1.2:*firewall on this computer*rejects*425*Use passive mode*-ActivePortRange*192.168.66.2 *' }
        @{ Case = 'both-drop'; Fail = 'Epsv', 'Pasv', 'Port', 'Eprt'; Stage = 'Open'; Words = '*silently drops*' }
        @{ Case = 'nat-server'; Tls = $true; Mode = 'Auto' }
        @{ Case = 'nat-server-closed'; Fail = 'Epsv', 'Pasv'; Stage = 'Open'; Mode = 'Active'; Words = 'There was no response from 10.66.1.1:*silently drops*or use active mode.' }
        @{
            Case     = 'nat-client'; Tls = $true; Fail = 'Port', 'Eprt'; Stage = 'Announce'; Mode = 'Auto'
            Words    = '*sent the address 10.66.1.2:*another address, because there is NAT in between.*500*No router''s FTP helper*Use passive mode*-ActiveAddress*-ActivePortRange*forward*'
            TlsWords = '*there is NAT in between.*500*because of TLS*Use passive mode*-ActiveAddress*-ActivePortRange*forward*-ClearCommandChannel*'
        }
        @{ Case = 'nat-client-helper'; Tls = $true; TlsFail = 'Port', 'Eprt'; Stage = 'Announce'; Mode = 'Auto'; TlsWords = '*there is NAT in between.*because of TLS*-ClearCommandChannel*' }
        @{ Case = 'control-drop'; NoConnect = 'FtpTimeout'; Words = 'There was no response from 192.168.66.2 within 3 seconds. A firewall silently drops*Have the port opened*-Proxy*' }
        @{ Case = 'control-reset'; NoConnect = 'FtpHostUnreachable'; Words = 'Port * refused the connection immediately. No FTP server is listening there, or a firewall rejects the connection.*' }
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

BeforeAll { Import-Module "$PSScriptRoot/TestServer.psm1" }

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
                $result.Recommended.Milliseconds | Should -BeLessThan 1900 # and not the 2 seconds of a mode that fails
                ($recommendation.Command -match '-Mode') | Should -Be ($Mode -ne 'Auto')
            }
            else {
                $recommendation.Succeeded | Should -BeFalse
                $recommendation.Command | Should -BeNullOrEmpty
                $recommendation.Diagnosis | Should -BeLike 'No data connection works*Passive mode is usually the easiest: Open the server''s range of passive ports*pasv_min_port*'
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
            # The 2 seconds for a data connection, and not for two, or where others share the machine, as they do here, some more.
            $result.First.Milliseconds | Should -BeLessThan $(if ($Case -eq 'passive-drop') { 3900 } else { 5000 })
            $result.Second.Milliseconds | Should -BeLessThan 1900
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
        $pasv.Diagnosis | Should -BeLike '*announced its private address 192.168.66.2, so it''s behind NAT*connected to*instead.*'
        if ($Case -eq 'nat-server-closed') { $pasv.Diagnosis | Should -BeLike '*Have the router in front of the server forward*' }
        else {
            $result.Trusting.Succeeded | Should -BeFalse
            $result.Trusting.Used | Should -Match '^192\.168\.66\.2:\d+$'
            $result.Trusting.Diagnosis | Should -BeLike '*announced its private address 192.168.66.2*-TrustPassiveAddress*Omit this parameter.'
        }
    }
}
