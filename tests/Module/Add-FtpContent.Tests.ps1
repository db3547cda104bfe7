BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Add-FtpContent, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = Connect-TestServer $ftp
            $end = [Environment]::NewLine

            function Get-Byte([string] $Name) { [IO.File]::ReadAllBytes((Join-Path $folder.Local $Name)) }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'adds lines to the end, and makes a file that is not there' {
            'one', 'two' | Add-FtpContent "$at/log.txt" | Should -BeNullOrEmpty
            Add-FtpContent "$at/log.txt" 'three'
            Get-FtpContent "$at/log.txt" | Should -Be @('one', 'two', 'three')
            [IO.File]::ReadAllText((Join-Path $folder.Local 'log.txt')) | Should -BeExactly "one${end}two${end}three$end"
        }

        It 'adds without a line end, and bytes' {
            Set-FtpContent "$at/bytes.bin" ([byte[]](1, 2)) -AsByteStream
            Add-FtpContent "$at/bytes.bin" ([byte[]](3, 255)) -AsByteStream
            Add-FtpContent "$at/bytes.bin" 'a' -NoNewline
            Get-Byte bytes.bin | Should -Be @(1, 2, 3, 255, 97)
        }

        It 'writes a byte order mark to a new file alone' {
            Add-FtpContent "$at/mark.txt" 'a' -Encoding unicode -NoNewline
            Add-FtpContent "$at/mark.txt" 'b' -Encoding unicode -NoNewline
            Get-Byte mark.txt | Should -Be @(0xFF, 0xFE, 0x61, 0, 0x62, 0)
        }

        It 'makes missing parents with -Force, takes items, and emits them with -PassThru' {
            (Get-ExpectedError { Add-FtpContent "$at/new/deep/log.txt" 'a' }).FullyQualifiedErrorId | Should -BeLike 'FtpP*,*'
            $item = Add-FtpContent "$at/new/deep/log.txt" 'a' -NoNewline -Force -PassThru
            $item.FullName | Should -Be "$at/new/deep/log.txt"
            ($item | Add-FtpContent -Value 'bc' -NoNewline -PassThru).Length | Should -Be 3
        }

        It 'does nothing with -WhatIf, nor when the pipeline fails' {
            Add-FtpContent "$at/kept.txt" 'former' -NoNewline
            Add-FtpContent "$at/kept.txt" 'more' -WhatIf
            { & { 'more'; throw 'stop' } | Add-FtpContent "$at/kept.txt" } | Should -Throw 'stop'
            Get-FtpContent "$at/kept.txt" -Raw | Should -BeExactly 'former'
        }
    }
}
