BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Set-FtpItemProperty, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = Connect-TestServer $ftp @{ MaxConnection = 1 }
            $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'a'
            $null = New-TestFile (Join-Path $folder.Local 'b.txt') 'b'
            Grant-TestFolder $ftp
            $time = [datetime]'2024-02-29T12:34:56'
        }

        AfterAll { Disconnect-Ftp -All }

        It 'is kept by a file that is replaced, where the former one was looked at' {
            Skip-Test -If ($Name -eq 'embedded') -Because 'The embedded server knows no permissions.'
            $null = Set-FtpContent "$at/kept.txt" 'former'
            Set-FtpItemProperty "$at/kept.txt" -Permission 640
            $file = New-TestFile (Join-Path $TestDrive 'kept.txt') 'the new one'
            (Get-Item $file).LastWriteTime = (Get-Date).AddDays(1)
            (Send-FtpItem $file "$at/kept.txt" -Update).Status | Should -Be 'Succeeded'
            $item = Get-FtpItem "$at/kept.txt"
            $item.Length | Should -Be 11
            $item.Permission | Should -Be '-rw-r-----'
            $item | Set-FtpContent -Value 'and another'
            (Get-FtpItem "$at/kept.txt").Permission | Should -Be '-rw-r-----'
            Get-FtpContent "$at/kept.txt" | Should -Be 'and another'
        }

        It 'sets the time, and the server has it' {
            $item = Set-FtpItemProperty "$at/a.txt" -LastWriteTime $time -PassThru
            # LIST, which is all that vsftpd has, tells the day alone of a time so long ago.
            if ($item.TimePrecision -ne 'Day') { $item.LastWriteTime | Should -Be $time }
            (Get-Item (Join-Path $folder.Local 'a.txt')).LastWriteTime | Should -Be $time
        }

        It 'sets the time of what the pipeline brings, by the universal time that it is' {
            Get-FtpItem "$at/*.txt" | Set-FtpItemProperty -LastWriteTime $time.AddDays(1).ToUniversalTime()
            (Get-Item (Join-Path $folder.Local 'b.txt')).LastWriteTime | Should -Be $time.AddDays(1)
        }

        It 'does not take it that no time can be set when a server refuses one that its clock does not reach' {
            Set-FtpItemProperty "$at/a.txt" -LastWriteTime '0001-01-01' -ErrorAction SilentlyContinue
            Set-FtpItemProperty "$at/a.txt" -LastWriteTime $time
            (Get-Item (Join-Path $folder.Local 'a.txt')).LastWriteTime | Should -Be $time
        }

        It 'sets the permission, in octal digits and as chmod takes it' {
            Skip-Test -If ($Name -eq 'embedded') -Because 'the embedded server has no SITE CHMOD'
            Set-FtpItemProperty "$at/a.txt" -Permission 640
            (Get-Item (Join-Path $folder.Local 'a.txt')).UnixMode | Should -Be '-rw-r-----'
            (Set-FtpItemProperty "$at/a.txt" -Permission 'u+x,o=r' -PassThru).Mode | Should -Be '-rwxr--r--'
        }

        It 'gives x to directories, and to what has one, by X' {
            Skip-Test -If ($Name -eq 'embedded') -Because 'the embedded server has no SITE CHMOD'
            $null = New-FtpItem "$at/x.d" -ItemType Directory
            Set-FtpItemProperty "$at/x.d" -Permission 700
            Set-FtpItemProperty "$at/a.txt" -Permission 600
            Get-FtpItem "$at/a.txt", "$at/x.d" | Set-FtpItemProperty -Permission u=rwX,go=rX
            (Get-Item (Join-Path $folder.Local 'a.txt')).UnixMode | Should -Be '-rw-r--r--'
            (Get-Item (Join-Path $folder.Local 'x.d')).UnixMode | Should -Be 'drwxr-xr-x'
        }

        It 'says what is wrong' {
            (Get-ExpectedError { Set-FtpItemProperty "$at/a.txt" -Permission 'u+q' }).FullyQualifiedErrorId | Should -BeLike 'Ftp*,FtpTools.Commands.SetFtpItemPropertyCommand'
            (Get-ExpectedError { Set-FtpItemProperty "$at/a.txt" }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.SetFtpItemPropertyCommand'
            (Get-ExpectedError { Set-FtpItemProperty "$at/none.txt" -LastWriteTime $time }).Exception.Message | Should -BeLike "*$at/none.txt*"
        }

        It 'changes nothing with -WhatIf' {
            Set-FtpItemProperty "$at/a.txt" -LastWriteTime '2020-01-01' -WhatIf
            (Get-Item (Join-Path $folder.Local 'a.txt')).LastWriteTime.Year | Should -Not -Be 2020
        }
    }
}
