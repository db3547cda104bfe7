BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Invoke-FtpCommand, Get-FtpFeature and Get-FtpFreeSpace, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'four'
            Grant-TestFolder $ftp
            $session = Connect-TestServer $ftp @{ MaxConnection = 1 }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'emits the reply' {
            $reply = Invoke-FtpCommand 'TYPE I' -ErrorAction SilentlyContinue -ErrorVariable failed
            $reply | Should -BeNullOrEmpty
            $failed[0].Exception.Message | Should -BeLike '*Set-FtpMode*'
            $reply = Invoke-FtpCommand "SIZE $at/a.txt"
            $reply.Code, $reply.Text | Should -Be 213, '4'
            ('NOOP', 'noop' | Invoke-FtpCommand).Code | Should -Be 200, 200
            (Invoke-FtpCommand FEAT).Lines.Count | Should -BeGreaterThan 2
        }

        It 'has a refusal be an error, unless -PassThru is given' {
            $failure = Get-ExpectedError { Invoke-FtpCommand "SIZE $at/none.txt" }
            $failure.Exception.Reply.Code | Should -Be 550
            $failure.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.InvokeFtpCommandCommand'
            (Invoke-FtpCommand "SIZE $at/none.txt" -PassThru).Code | Should -Be 550
        }

        It 'refuses <line>, and the session goes on' -ForEach @(
            @{ line = 'RETR a.txt'; id = 'FtpCommandNotSupported'; instead = '*Receive-FtpItem*' }
            @{ line = 'list'; id = 'FtpCommandNotSupported'; instead = '*Get-FtpChildItem*' }
            @{ line = 'PASV'; id = 'FtpCommandNotSupported'; instead = '*Set-FtpMode*' }
            @{ line = 'REST 5'; id = 'FtpCommandNotSupported'; instead = '*-Resume*' }
            @{ line = 'RNFR a.txt'; id = 'FtpCommandNotSupported'; instead = '*Rename-FtpItem*' }
            @{ line = 'QUIT'; id = 'FtpCommandNotSupported'; instead = '*Disconnect-Ftp*' }
            @{ line = "NOOP`r`nDELE a.txt"; id = 'FtpInvalidName'; instead = '*line break*' }
            @{ line = "NOOP x`nDELE a.txt"; id = 'FtpInvalidName'; instead = '*line break*' }
            @{ line = '  '; id = 'FtpInvalidName'; instead = '*isn''t an FTP command*' }
        ) {
            $failure = Get-ExpectedError { Invoke-FtpCommand $line }
            $failure.FullyQualifiedErrorId | Should -Be "$id,FtpTools.Commands.InvokeFtpCommandCommand"
            $failure.Exception.Message | Should -BeLike $instead
            (Get-FtpItem "$at/a.txt").Length | Should -Be 4
        }

        It 'says nothing with -WhatIf' {
            Invoke-FtpCommand "DELE $at/a.txt" -WhatIf
            Join-Path $folder.Local 'a.txt' | Should -Exist
        }

        It 'tells the features' {
            $features = Get-FtpFeature
            $features.Name | Should -Contain 'SIZE'
            (Get-FtpFeature MDT*).Name | Should -Be 'MDTM'
            $features[0].Server | Should -Be $session.Server
            ($session | Get-FtpFeature REST).Value | Should -Be 'STREAM'
        }

        It 'tells that there is no telling how much room there is' {
            $failure = Get-ExpectedError { Get-FtpFreeSpace $at }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.GetFtpFreeSpaceCommand'
            $failure.Exception.Message | Should -BeLike '*AVBL*'
            (Get-FtpItem "$at/a.txt").Length | Should -Be 4
        }
    }
}
