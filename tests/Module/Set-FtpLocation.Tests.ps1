BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Set-FtpLocation and Get-FtpLocation, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            foreach ($file in 'one/a.txt', 'two/b.txt', 'two [x]/c.txt') { $null = New-TestFile (Join-Path $folder.Local $file) $file }
            Grant-TestFolder $ftp
        }

        BeforeEach { $session = Connect-TestServer $ftp @{ MaxConnection = 1 } }

        AfterEach { Disconnect-Ftp -All }

        It 'is where relative paths begin' {
            Set-FtpLocation "$at/one" | Should -BeNullOrEmpty
            (Get-FtpLocation).Path | Should -Be "$at/one"
            "$(Get-FtpLocation)" | Should -Be "$at/one"
            (Get-FtpItem a.txt).FullName | Should -Be "$at/one/a.txt"
            (Set-FtpLocation ../two -PassThru).Path | Should -Be "$at/two"
            (Get-FtpChildItem).Name | Should -Be 'b.txt'
            (Get-FtpLocation).Server | Should -Be $session.Server
        }

        It 'goes back and forward, and to where the session began' {
            $begin = $session.Location
            Set-FtpLocation "$at/one"
            Set-FtpLocation "$at/two"
            Set-FtpLocation -
            $session.Location | Should -Be "$at/one"
            Set-FtpLocation -
            $session.Location | Should -Be $begin
            Set-FtpLocation +
            $session.Location | Should -Be "$at/one"
            (Get-ExpectedError { Set-FtpLocation -; Set-FtpLocation - }).FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.SetFtpLocationCommand'
            Set-FtpLocation "$at/two"
            Set-FtpLocation
            $session.Location | Should -Be $begin
        }

        It 'takes wildcards, brackets by -LiteralPath, and items' {
            Set-FtpLocation "$at/on*"
            $session.Location | Should -Be "$at/one"
            Set-FtpLocation -LiteralPath "$at/two [x]"
            $session.Location | Should -Be "$at/two [x]"
            (Get-FtpChildItem).Name | Should -Be 'c.txt'
            Get-FtpItem "$at/two" | Set-FtpLocation
            $session.Location | Should -Be "$at/two"
            $failure = Get-ExpectedError { Set-FtpLocation "$at/tw*" }
            $failure.Exception.Message | Should -BeLike '*2 directories*'
        }

        It 'stays where it is when there is no such directory' {
            $before = $session.Location
            foreach ($path in "$at/none", "$at/one/a.txt") {
                (Get-ExpectedError { Set-FtpLocation $path }).FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.SetFtpLocationCommand'
            }
            $session.Location | Should -Be $before
        }
    }
}
