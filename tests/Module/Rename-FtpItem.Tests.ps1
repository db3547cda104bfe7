BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Rename-FtpItem and Move-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $session = Connect-TestServer $ftp @{ MaxConnection = 1 }
        }

        BeforeEach {
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            foreach ($file in 'a.txt', 'b.txt', 'c.log', 'sub/d.txt', 'tree/e.txt') { $null = New-TestFile (Join-Path $folder.Local $file) $file }
            Grant-TestFolder $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'renames a file in its directory and emits nothing' {
            Rename-FtpItem "$at/a.txt" 'z [1].txt' | Should -BeNullOrEmpty
            Get-Content -LiteralPath (Join-Path $folder.Local 'z [1].txt') | Should -Be 'a.txt'
            Join-Path $folder.Local 'a.txt' | Should -Not -Exist
        }

        It 'gives each piped item its own name, and emits it with -PassThru' {
            $renamed = Get-FtpItem "$at/*.txt" | Rename-FtpItem -NewName { $_.BaseName + '.done' } -PassThru
            $renamed.Name | Sort-Object | Should -Be 'a.done', 'b.done'
            Get-ChildItem $folder.Local -File | ForEach-Object Name | Sort-Object | Should -Be 'a.done', 'b.done', 'c.log'
        }

        It 'renames what was sent' {
            $file = Join-Path $TestDrive 'sent.tmp'
            Set-Content $file 'sent'
            Send-FtpItem $file -Destination "$at/" | Rename-FtpItem -NewName { $_.Name -replace 'tmp$', 'csv' }
            Join-Path $folder.Local 'sent.csv' | Should -Exist
        }

        It 'leaves what has the new name, unless -Force is given' {
            $failure = Get-ExpectedError { Rename-FtpItem "$at/a.txt" 'b.txt' }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpAlreadyExists,FtpTools.Commands.RenameFtpItemCommand'
            $failure.Exception.Message | Should -BeLike '*-Force*'
            Get-Content (Join-Path $folder.Local 'b.txt') | Should -Be 'b.txt'
            Rename-FtpItem "$at/a.txt" 'b.txt' -Force
            Get-Content (Join-Path $folder.Local 'b.txt') | Should -Be 'a.txt'
        }

        It 'refuses one name for several items, and a path as a name' {
            $failure = Get-ExpectedError { Rename-FtpItem "$at/*.txt" 'one.txt' }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.RenameFtpItemCommand'
            $failure = Get-ExpectedError { Rename-FtpItem "$at/a.txt" 'sub/a.txt' }
            $failure.Exception.Message | Should -BeLike '*Move-FtpItem*'
            $failure = Get-ExpectedError { Rename-FtpItem "$at/none.txt" 'some.txt' }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.RenameFtpItemCommand'
            Get-ChildItem $folder.Local -Filter *.txt | ForEach-Object Name | Sort-Object | Should -Be 'a.txt', 'b.txt'
        }

        It 'moves files into a directory, by wildcard and by pipeline' {
            Move-FtpItem "$at/*.txt" "$at/sub"
            Get-ChildItem (Join-Path $folder.Local 'sub') | ForEach-Object Name | Sort-Object | Should -Be 'a.txt', 'b.txt', 'd.txt'
            Get-FtpChildItem "$at/sub" | Where-Object Name -ne 'd.txt' | Move-FtpItem -Destination "$at/" -PassThru | ForEach-Object DirectoryName | Should -Be $at, $at
        }

        It 'moves a directory with what is in it, and not into itself' {
            $failure = Get-ExpectedError { Move-FtpItem "$at/tree" "$at/tree/below" }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.MoveFtpItemCommand'
            Move-FtpItem "$at/tree" "$at/sub"
            Join-Path $folder.Local 'sub/tree/e.txt' | Should -Exist
        }

        It 'makes missing parents with -Force, and refuses one name for several' {
            $failure = Get-ExpectedError { Move-FtpItem "$at/*.txt" "$at/new" }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.MoveFtpItemCommand'
            Move-FtpItem "$at/*.txt" "$at/archive/2026/" -Force
            Get-ChildItem (Join-Path $folder.Local 'archive/2026') | ForEach-Object Name | Sort-Object | Should -Be 'a.txt', 'b.txt'
        }

        It 'lets no item replace another one of the same call' {
            $null = New-TestFile (Join-Path $folder.Local 'sub/a.txt') 'other'
            $failure = Get-ExpectedError { Get-FtpItem "$at/a.txt", "$at/sub/a.txt" | Move-FtpItem -Destination "$at/new/" -Force }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.MoveFtpItemCommand'
            Get-Content (Join-Path $folder.Local 'new/a.txt') | Should -Be 'a.txt'
            Get-Content (Join-Path $folder.Local 'sub/a.txt') | Should -Be 'other'
            $failure = Get-ExpectedError { Get-FtpItem "$at/b.txt", "$at/c.log" | Rename-FtpItem -NewName same -Force }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.RenameFtpItemCommand'
            Get-Content (Join-Path $folder.Local 'same') | Should -Be 'b.txt'
            Join-Path $folder.Local 'c.log' | Should -Exist
        }

        It 'does not rename another file after a rename that was refused' {
            # Pure-FTPd refuses such a name at RNTO, and keeps what RNFR has named.
            Rename-FtpItem "$at/a.txt" 'q\w' -ErrorAction SilentlyContinue
            $gone = Get-FtpItem "$at/b.txt"
            Remove-Item (Join-Path $folder.Local 'b.txt')
            $failure = Get-ExpectedError { $gone | Rename-FtpItem -NewName 'other.txt' }
            $failure.Exception.Message | Should -BeLike "*$at/b.txt*"
            Join-Path $folder.Local 'other.txt' | Should -Not -Exist
        }

        It 'refuses a destination with backslashes' {
            $failure = Get-ExpectedError { Move-FtpItem "$at/a.txt" 'sub\' }
            $failure.Exception.Message | Should -BeLike "*'sub/'*"
        }

        It 'changes nothing with -WhatIf' {
            Rename-FtpItem "$at/a.txt" 'z.txt' -WhatIf
            Move-FtpItem "$at/a.txt" "$at/sub" -WhatIf
            Join-Path $folder.Local 'a.txt' | Should -Exist
        }
    }
}
