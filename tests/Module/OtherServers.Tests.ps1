BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-OneAtATimeTestServer
}

foreach ($server in $servers) {
    Describe "Servers that read one command at a time, <Name> <Option>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name -Option $Option
            $data = Join-Path $TestDrive 'data'
            $names = 1..12 | ForEach-Object { "file $_" }
            foreach ($file in $names) { $null = New-TestFile (Join-Path $data $file) "of $file" }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'a folder goes up, is listed, comes down and is removed, each file at the first try' {
            $with = if ($ftp.Thumbprint) { @{ CertificateThumbprint = $ftp.Thumbprint } } else { @{} }
            $null = Connect-TestServer $ftp $with
            $at = (New-TestFolder $ftp).Remote

            $sent = Send-FtpItem $data "$at/data" -Recurse -RetryCount 0
            $sent.Status | Should -Be (@('Succeeded') * 12)
            $sent.Attempts | Should -Be (@(1) * 12)
            (Get-FtpChildItem "$at/data").Name | Sort-Object | Should -BeExactly ($names | Sort-Object)

            $back = Join-Path $TestDrive 'back'
            $received = Receive-FtpItem "$at/data" $back -Recurse -RetryCount 0
            $received.Status | Should -Be (@('Succeeded') * 12)
            foreach ($file in $names) { [IO.File]::ReadAllText((Join-Path $back $file)) | Should -BeExactly "of $file" }

            if ($Name -eq 'ftpd') { Get-FtpSession -Current | Format-List | Out-String | Should -Match '(?m)^Habits *: .*takes one command at a time' }
            Remove-FtpItem "$at/data" -Recurse -Confirm:$false
            Test-FtpPath "$at/data" | Should -BeFalse
            Get-FtpChildItem $at -Force | Should -BeNullOrEmpty
        }
    }
}
