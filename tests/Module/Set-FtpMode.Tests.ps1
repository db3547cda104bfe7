BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Set-FtpMode, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $file = New-TestFile (Join-Path $TestDrive 'file.txt') "one`r`ntwo`r`n"
        }

        BeforeEach { $session = Connect-TestServer $ftp @{ Name = 'mine' } }

        AfterEach { Disconnect-Ftp -All }

        It 'opens data connections by <Used> in the mode <Mode>' -ForEach @(
            @{ Mode = 'Auto'; Used = 'Epsv' }
            @{ Mode = 'Passive'; Used = 'Epsv' }
            @{ Mode = 'Active'; Used = 'Port' }
            @{ Mode = 'Pasv'; Used = 'Pasv' }
            @{ Mode = 'Epsv'; Used = 'Epsv' }
            @{ Mode = 'Port'; Used = 'Port' }
            @{ Mode = 'Eprt'; Used = 'Eprt' }
        ) {
            Set-FtpMode $Mode | Should -BeNullOrEmpty
            $session.Mode | Should -Be $Mode
            $result = Send-FtpItem $file -Destination "$($folder.Remote)/$Mode.txt"
            $result.Mode | Should -Be $Used
            $target = Join-Path $TestDrive "$Mode.txt"
            (Receive-FtpItem "$($folder.Remote)/$Mode.txt" -Destination $target).Mode | Should -Be $Used
            [IO.File]::ReadAllText($target) | Should -BeExactly "one`r`ntwo`r`n"
        }

        It 'listens on the ports that are given' {
            Set-FtpMode Active -ActivePortRange 50000-50100
            $session.ActivePortRange.First | Should -Be 50000
            $dialogue = Get-FtpChildItem $folder.Remote -Verbose 4>&1 | Out-String
            $dialogue | Should -Match 'PORT \d+,\d+,\d+,\d+,195,'
            Set-FtpMode -ActivePortRange $null
            $session.ActivePortRange | Should -BeNullOrEmpty
            $session.Mode | Should -Be 'Active'
        }

        It 'announces the address that is given' {
            Set-FtpMode -ActiveAddress 127.0.0.1
            $session.ActiveAddress | Should -Be ([Net.IPAddress]::Loopback)
            Set-FtpMode -ActiveAddress $null
            $session.ActiveAddress | Should -BeNullOrEmpty
        }

        It 'sets the transfer type alone' {
            Set-FtpMode -TransferType Ascii
            $session.TransferType | Should -Be 'Ascii'
            $session.Mode | Should -Be 'Auto'
            (Send-FtpItem $file -Destination "$($folder.Remote)/text.txt").TransferType | Should -Be 'Ascii'
        }

        It 'emits the session with -PassThru, and takes it from the pipeline or by name' {
            Get-FtpSession | Set-FtpMode Pasv -PassThru | Should -Be $session
            Set-FtpMode Epsv -Session mine
            $session.Mode | Should -Be 'Epsv'
        }

        It 'changes nothing with -WhatIf' {
            Set-FtpMode Active -WhatIf
            $session.Mode | Should -Be 'Auto'
        }

        It 'completes modes' {
            (TabExpansion2 'Set-FtpMode Pa' 14).CompletionMatches.CompletionText | Should -Be @('Passive', 'Pasv')
        }
    }
}
