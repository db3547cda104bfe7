BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Set-FtpContent, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $session = Connect-TestServer $ftp
            $umlaut = "gr$([char]0xFC)$([char]0xDF)"
            $end = [Environment]::NewLine

            function Get-Text([string] $Name) { [IO.File]::ReadAllText((Join-Path $folder.Local $Name)) }
            function Get-Byte([string] $Name) { [IO.File]::ReadAllBytes((Join-Path $folder.Local $Name)) }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'writes what is piped, a line each, and emits nothing' {
            'one', $umlaut, 3 | Set-FtpContent "$at/piped.txt" | Should -BeNullOrEmpty
            Get-Text piped.txt | Should -BeExactly "one$end$umlaut${end}3$end"
            (Get-Byte piped.txt)[0] | Should -Be ([byte][char]'o')
            Set-FtpContent "$at/piped.txt" 'new'
            Get-Text piped.txt | Should -BeExactly "new$end"
            (Get-ChildItem $folder.Local -Force).Name | Should -Be 'piped.txt'
        }

        It 'writes without line ends, in another encoding, with a mark where the encoding has one' {
            'a', 'b' | Set-FtpContent "$at/joined.txt" -NoNewline
            Get-Text joined.txt | Should -BeExactly 'ab'
            Set-FtpContent "$at/latin.txt" $umlaut -Encoding iso-8859-1 -NoNewline
            Get-Byte latin.txt | Should -Be @(0x67, 0x72, 0xFC, 0xDF)
            Set-FtpContent "$at/utf16.txt" 'a' -Encoding unicode -NoNewline
            Get-Byte utf16.txt | Should -Be @(0xFF, 0xFE, 0x61, 0)
            Set-FtpContent "$at/mark.txt" 'a' -Encoding utf8BOM -NoNewline
            Get-Byte mark.txt | Should -Be @(0xEF, 0xBB, 0xBF, 0x61)
        }

        It 'writes bytes' {
            [byte[]](0, 10, 255) | Set-FtpContent "$at/bytes.bin" -AsByteStream
            Get-Byte bytes.bin | Should -Be @(0, 10, 255)
            Set-FtpContent "$at/bytes.bin" -Value ([byte[]](1, 2)) -AsByteStream
            Get-Byte bytes.bin | Should -Be @(1, 2)
            (Get-ExpectedError { Set-FtpContent "$at/bytes.bin" 256 -AsByteStream }).FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
            Get-Byte bytes.bin | Should -Be @(1, 2)
        }

        It 'makes an empty file of nothing' {
            Set-FtpContent "$at/nothing.txt" $null
            (Get-Byte nothing.txt).Count | Should -Be 0
            Set-FtpContent "$at/nothing.txt" ''
            Get-Text nothing.txt | Should -BeExactly $end
        }

        It 'makes missing parents with -Force alone, and says so' {
            $failure = Get-ExpectedError { Set-FtpContent "$at/new/deep/a.txt" 'a' }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpP*,*'
            if ($failure.FullyQualifiedErrorId -like 'FtpPathNotFound*') { "$failure" | Should -BeLike '*use -Force*' }
            Set-FtpContent "$at/new/deep/a.txt" 'a' -Force
            Get-Text new/deep/a.txt | Should -BeExactly "a$end"
        }

        It 'leaves what is there with -NoClobber and -WhatIf' {
            Set-FtpContent "$at/there.txt" 'former'
            (Get-ExpectedError { Set-FtpContent "$at/there.txt" 'new' -NoClobber }).FullyQualifiedErrorId | Should -BeLike 'FtpAlreadyExists,*'
            Set-FtpContent "$at/there.txt" 'new' -WhatIf
            Get-Text there.txt | Should -BeExactly "former$end"
        }

        It 'emits the file with -PassThru, to several paths and by wildcards' {
            $items = Set-FtpContent "$at/p1.txt", "$at/p2.txt" 'same' -PassThru
            $items | Should -BeOfType FtpTools.FtpItem
            $items.Name | Should -Be @('p1.txt', 'p2.txt')
            $items[0].Length | Should -Be (4 + $end.Length)
            (Set-FtpContent "$at/p?.txt" 'other' -PassThru).Name | Sort-Object | Should -Be @('p1.txt', 'p2.txt')
            Get-Text p2.txt | Should -BeExactly "other$end"
            (Get-ExpectedError { Set-FtpContent "$at/none*.txt" 'x' }).FullyQualifiedErrorId | Should -BeLike 'FtpPathNotFound,*'
            Set-FtpContent -LiteralPath "$at/$oddName" 'odd'
            Get-Text $oddName | Should -BeExactly "odd$end"
        }

        It 'takes items from the pipeline' {
            Set-FtpContent "$at/i1.txt", "$at/i2.txt" 'x'
            Get-FtpItem "$at/i?.txt" | Set-FtpContent -Value 'y'
            Get-Text i1.txt | Should -BeExactly "y$end"
            Get-Text i2.txt | Should -BeExactly "y$end"
        }

        It 'sends nothing of a pipeline that fails or is stopped' {
            Set-FtpContent "$at/kept.txt" 'former'
            { 1..3 | ForEach-Object { if ($_ -eq 3) { throw 'stop' }; $_ } | Set-FtpContent "$at/kept.txt" } | Should -Throw 'stop'
            1..5 | Set-FtpContent "$at/kept.txt" -PassThru | Out-Null
            Get-Text kept.txt | Should -BeExactly ((1..5 -join $end) + $end)
            (Get-ChildItem $folder.Local -Force -Filter '*.part').Count | Should -Be 0
        }

        It 'writes more than is held in memory' {
            $line = 'x' * 1000000
            1..40 | ForEach-Object { $line } | Set-FtpContent "$at/large.txt" -NoNewline
            (Get-Item (Join-Path $folder.Local 'large.txt')).Length | Should -Be 40000000
        }
    }
}
