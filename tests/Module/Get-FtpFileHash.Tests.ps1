BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Get-FtpFileHash, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $file = New-TestData (Join-Path $folder.Local 'a.bin') 300000
            $null = New-TestData (Join-Path $folder.Local 'sub/b.bin') 10
            $null = New-TestFile (Join-Path $folder.Local 'check.txt') '123456789'
            Grant-TestFolder $ftp
            $session = Connect-TestServer $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'computes <_> here, in the shape of Get-FileHash' -ForEach 'SHA256', 'SHA1', 'SHA384', 'SHA512', 'MD5' {
            $hash = Get-FtpFileHash "$at/a.bin" -Algorithm $_ -Local
            $hash | Should -BeOfType FtpTools.FtpFileHash
            $known = Get-FileHash $file -Algorithm $_
            $hash.Hash | Should -BeExactly $known.Hash
            $hash.Algorithm | Should -BeExactly $known.Algorithm
            $hash.Path | Should -BeExactly "$at/a.bin"
            $hash.Server | Should -Be $session.Server
        }

        It 'computes the CRC of zip files' {
            (Get-FtpFileHash "$at/check.txt" -Algorithm CRC32 -Local).Hash | Should -BeExactly 'CBF43926'
        }

        It 'takes SHA256 unless told otherwise, wildcards for files, and items' {
            (Get-FtpFileHash "$at/a.bin" -Local).Algorithm | Should -Be 'SHA256'
            (Get-FtpFileHash "$at/*" -Local).Path | Sort-Object | Should -Be @("$at/a.bin", "$at/check.txt")
            (Get-FtpChildItem $at -Recurse -File | Get-FtpFileHash -Local).Path | Sort-Object | Should -Be @("$at/a.bin", "$at/check.txt", "$at/sub/b.bin")
            (Get-ExpectedError { Get-FtpFileHash "$at/sub" -Local }).FullyQualifiedErrorId | Should -BeLike 'FtpCommandRefused,*'
        }

        It 'asks the server where it tells one, and else names -Local' {
            if ($Name -eq 'proftpd') {
                foreach ($algorithm in 'SHA1', 'SHA256', 'MD5', 'SHA1', 'SHA512') {
                    (Get-FtpFileHash "$at/a.bin" -Algorithm $algorithm).Hash | Should -BeExactly (Get-FileHash $file -Algorithm $algorithm).Hash
                }
                # What was chosen for one is not taken for another.
                (Send-FtpItem $file "$at/again.bin" -Verify Hash).Verification | Should -Be 'Hash'
                return
            }
            $failure = Get-ExpectedError { Get-FtpFileHash "$at/a.bin" }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpCommandNotSupported,*'
            "$failure" | Should -BeLike '*the server doesn''t support hashes*use -Local.'
        }
    }
}
