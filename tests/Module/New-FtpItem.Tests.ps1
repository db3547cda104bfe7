BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "New-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = Connect-TestServer $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'makes an empty file and emits it' {
            $item = New-FtpItem "$at/empty.txt"
            $item.FullName | Should -BeExactly "$at/empty.txt"
            $item.ItemType | Should -Be 'File'
            (Get-Item (Join-Path $folder.Local 'empty.txt')).Length | Should -Be 0
        }

        It 'makes a file with text in it, as UTF-8 and byte for byte, in whatever type the session is' {
            $text = "$oddName`r`nnext`n"
            Set-FtpMode -TransferType Ascii
            try { (New-FtpItem $at -Name $oddName -Value $text).Name | Should -BeExactly $oddName }
            finally { Set-FtpMode -TransferType Binary }
            [IO.File]::ReadAllText((Join-Path $folder.Local $oddName)) | Should -BeExactly $text
        }

        It 'takes the content from the pipeline, bytes too' {
            $null = 'piped' | New-FtpItem "$at/piped.txt"
            [IO.File]::ReadAllText((Join-Path $folder.Local 'piped.txt')) | Should -BeExactly 'piped'
            $null = New-FtpItem "$at/bytes.bin" -Value ([byte[]](0, 255, 13, 10))
            [IO.File]::ReadAllBytes((Join-Path $folder.Local 'bytes.bin')) | Should -Be @(0, 255, 13, 10)
        }

        It 'takes paths from a table' {
            $rows = [pscustomobject]@{ Path = $at; Name = 'r1' }, [pscustomobject]@{ Path = $at; Name = 'r2' }
            ($rows | New-FtpItem -ItemType Directory).FullName | Should -Be @("$at/r1", "$at/r2")
        }

        It 'makes a directory and its parents, and accepts one that is there with -Force alone' {
            (New-FtpItem "$at/d" -ItemType Directory).ItemType | Should -Be 'Directory'
            (New-FtpItem "$at/x/y/z" -ItemType Directory).FullName | Should -BeExactly "$at/x/y/z"
            $failure = Get-ExpectedError { New-FtpItem "$at/x/y/z" -ItemType Directory }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpAlreadyExists,FtpTools.Commands.NewFtpItemCommand'
            (New-FtpItem "$at/x/y" -ItemType Directory -Force).FullName | Should -BeExactly "$at/x/y"
        }

        It 'makes a file''s parents, and writes over it, with -Force alone' {
            $null = New-FtpItem "$at/p/q/file.txt" -Value one -Force
            $failure = Get-ExpectedError { New-FtpItem "$at/p/q/file.txt" -Value two }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpAlreadyExists,FtpTools.Commands.NewFtpItemCommand'
            $failure.CategoryInfo.Category | Should -Be 'ResourceExists'
            $failure.TargetObject | Should -Be "$at/p/q/file.txt"
            [IO.File]::ReadAllText((Join-Path $folder.Local 'p/q/file.txt')) | Should -BeExactly 'one'
            $null = New-FtpItem "$at/p/q/file.txt" -Value two -Force
            [IO.File]::ReadAllText((Join-Path $folder.Local 'p/q/file.txt')) | Should -BeExactly 'two'
        }

        It 'makes nothing with -WhatIf' {
            New-FtpItem "$at/whatif" -ItemType Directory -WhatIf | Should -BeNullOrEmpty
            Test-FtpPath "$at/whatif" | Should -BeFalse
        }
    }
}
