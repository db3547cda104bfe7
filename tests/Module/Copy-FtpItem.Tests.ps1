BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Copy-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $file = New-TestData (Join-Path $folder.Local 'a.bin') 5000000
            $null = New-TestFile (Join-Path $folder.Local 'tree/b.txt') 'b'
            $null = New-TestFile (Join-Path $folder.Local 'tree/sub/c.txt') 'c'
            $null = New-TestFile (Join-Path $folder.Local "tree/sub/$oddName") 'odd'
            $null = New-TestFile (Join-Path $folder.Local 'tree/.hidden') 'h'
            $null = New-Item (Join-Path $folder.Local 'tree/empty') -ItemType Directory
            $null = New-Item (Join-Path $folder.Local 'into') -ItemType Directory
            Grant-TestFolder $ftp
            $session = Connect-TestServer $ftp

            function Get-Tree([string] $Name) {
                $root = (Get-Item (Join-Path $folder.Local $Name)).FullName
                Get-ChildItem -LiteralPath $root -Recurse -Force | ForEach-Object { $_.FullName.Substring($root.Length).Replace('\', '/') } | Sort-Object
            }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'copies a file to another name, and emits nothing but with -PassThru' {
            Copy-FtpItem "$at/a.bin" "$at/copy.bin" | Should -BeNullOrEmpty
            (Get-FileHash (Join-Path $folder.Local 'copy.bin')).Hash | Should -Be (Get-FileHash $file).Hash
            $item = Copy-FtpItem "$at/tree/b.txt" "$at/copy.bin" -PassThru
            $item | Should -BeOfType FtpTools.FtpItem
            $item.FullName | Should -Be "$at/copy.bin"
            $item.Length | Should -Be 1
            Get-ChildItem $folder.Local -Force -Filter '*ftptools*' | Should -BeNullOrEmpty
        }

        It 'copies into a directory, several files and items' {
            (Copy-FtpItem "$at/tree/b.txt", "$at/tree/sub/c.txt" "$at/into" -PassThru).FullName | Should -Be @("$at/into/b.txt", "$at/into/c.txt")
            (Get-FtpItem -LiteralPath "$at/tree/sub/$oddName" | Copy-FtpItem -Destination "$at/into/" -PassThru).Name | Should -BeExactly $oddName
            (Get-ExpectedError { Copy-FtpItem "$at/tree/b.txt", "$at/tree/sub/c.txt" "$at/one-name" }).FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
        }

        It 'copies a tree with -Recurse alone' {
            (Get-ExpectedError { Copy-FtpItem "$at/tree" "$at/tree2" }).FullyQualifiedErrorId | Should -BeLike 'FtpCommandRefused,*'
            Copy-FtpItem "$at/tree" "$at/tree2" -Recurse
            Get-Tree tree2 | Should -BeExactly (Get-Tree tree)
            # It is there now, so that the next goes into it.
            Copy-FtpItem "$at/tree" "$at/tree2" -Recurse
            Get-Tree tree2/tree | Should -BeExactly (Get-Tree tree)
            Get-FtpContent "$at/tree2/tree/sub/c.txt" | Should -Be 'c'
        }

        It 'makes missing parents with -Force alone' {
            (Get-ExpectedError { Copy-FtpItem "$at/tree/b.txt" "$at/new/deep/b.txt" }).FullyQualifiedErrorId | Should -BeLike 'FtpP*,*'
            Copy-FtpItem "$at/tree/b.txt" "$at/new/deep/b.txt" -Force
            Get-FtpContent "$at/new/deep/b.txt" | Should -Be 'b'
        }

        It 'refuses a copy onto or into itself' {
            foreach ($destination in "$at/tree/b.txt", "$at/tree/../tree/b.txt", "$at/tree") {
                $failure = Get-ExpectedError { Copy-FtpItem "$at/tree/b.txt" $destination }
                $failure.FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
                "$failure" | Should -BeLike '*can''t be copied to itself*'
            }
            "$(Get-ExpectedError { Copy-FtpItem "$at/tree" "$at/tree/sub/tree" -Recurse })" | Should -BeLike '*can''t be copied into itself*'
            Get-FtpContent "$at/tree/b.txt" | Should -Be 'b'
        }

        It 'does nothing with -WhatIf, and names the server' {
            Copy-FtpItem "$at/tree" "$at/whatif" -Recurse -WhatIf
            Test-FtpPath "$at/whatif" | Should -BeFalse
        }

        It 'has the server copy where it can' {
            $said = Copy-FtpItem "$at/a.bin" "$at/copied.bin" -Verbose 4>&1 | Out-String
            (Get-FileHash (Join-Path $folder.Local 'copied.bin')).Hash | Should -Be (Get-FileHash $file).Hash
            if ($Name -eq 'proftpd') {
                $said | Should -Match '--> SITE CPTO'
                $said | Should -Not -Match '--> RETR'
            }
            else { $said | Should -Match '--> RETR' }
        }

        It 'copies over one connection' {
            $one = Connect-TestServer $ftp @{ MaxConnection = 1 }
            try {
                Copy-FtpItem "$at/a.bin" "$at/one.bin" -Session $one
                (Get-FileHash (Join-Path $folder.Local 'one.bin')).Hash | Should -Be (Get-FileHash $file).Hash
            }
            finally { Disconnect-Ftp -Session $one }
        }

        It 'copies to another server' {
            $other = Start-TestServer embedded
            $there = New-TestFolder $other
            $to = Connect-TestServer $other
            try {
                Copy-FtpItem "$at/a.bin", "$at/tree" -Destination $there.Remote -DestinationSession $to -Session $session -Recurse
                (Get-FileHash (Join-Path $there.Local 'a.bin')).Hash | Should -Be (Get-FileHash $file).Hash
                (Get-ChildItem (Join-Path $there.Local 'tree') -Recurse -Force -Name).Count | Should -Be (Get-Tree tree).Count
                Get-FtpItem "$($there.Remote)/tree/b.txt" -Session $to | Copy-FtpItem -Destination "$at/back.txt" -DestinationSession $session
                Get-FtpContent "$at/back.txt" -Session $session | Should -Be 'b'
            }
            finally { Disconnect-Ftp -Session $to }
        }

        It 'has the servers copy between them with -ServerToServer, where both allow it' {
            $other = Start-TestServer $Name ('--foreign', '--address', '127.0.0.2')
            $there = New-TestFolder $other
            $null = New-TestFile (Join-Path $there.Local 'tree/b.txt') 'from there'
            $null = New-TestFile (Join-Path $there.Local 'tree/sub/c.txt') 'and there'
            Grant-TestFolder $other
            $foreign = Connect-TestServer $other
            $friend = Connect-TestServer (Start-TestServer $Name '--foreign')
            $into = New-TestFolder (Start-TestServer $Name '--foreign')
            try {
                $said = Copy-FtpItem "$($there.Remote)/tree" $into.Remote -Recurse -Session $foreign -DestinationSession $friend -ServerToServer -Verbose 4>&1 | Out-String
                Get-FtpContent "$($into.Remote)/tree/sub/c.txt" -Session $friend | Should -Be 'and there'
                Get-FtpContent "$($into.Remote)/tree/b.txt" -Session $friend | Should -Be 'from there'
                $said | Should -Match '--> PORT'
                $failure = Get-ExpectedError { Copy-FtpItem "$at/a.bin" "$at/b.bin" -Session $session -ServerToServer }
                $failure.FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
                "$failure" | Should -BeLike '*-DestinationSession*'
                # The one that does not allow it says so, and the session goes on.
                $failure = Get-ExpectedError { Copy-FtpItem "$at/tree/b.txt" "$($there.Remote)/no.txt" -Session $session -DestinationSession $foreign -ServerToServer }
                $failure.FullyQualifiedErrorId | Should -BeLike 'FtpDataConnectionFailed,*'
                "$failure" | Should -BeLike '*to PORT*Without -ServerToServer, the file is copied through this computer.'
                Get-FtpContent "$at/tree/b.txt" -Session $session | Should -Be 'b'
            }
            finally { Disconnect-Ftp -Session $foreign, $friend }
        }
    }
}
