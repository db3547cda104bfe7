BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Errors that name what to type next, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            foreach ($file in 'a[1].txt', 'b.txt', 'c.txt') { $null = New-TestFile (Join-Path $folder.Local $file) $file[0] }
            Grant-TestFolder $ftp
            $session = Connect-TestServer $ftp @{ Name = 'one' }
            $local = New-TestFile (Join-Path $TestDrive 'x.txt') 'x'
            $server = "$($ftp.Host):$($ftp.Port)"

            function Test-Failure([string] $Id, [string] $Like, [scriptblock] $Script) {
                $failure = Get-ExpectedError $Script
                $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
                "$failure" | Should -BeLike $Like
            }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'names -Force where a directory is missing' {
            Test-Failure 'FtpP*' '*use -Force*' { Send-FtpItem $local "$at/none/x.txt" -ErrorAction SilentlyContinue; $Error[0] }
            Test-Failure 'Ftp*' '*use -Force*' { Move-FtpItem "$at/b.txt" "$at/none/x.txt" }
            Test-Failure 'FtpP*' '*use -Force*' { Copy-FtpItem "$at/b.txt" "$at/none/x.txt" }
            Test-Failure 'FtpP*' '*use -Force*' { Set-FtpContent "$at/none/x.txt" 'x' }
            Test-Failure 'FtpP*' '*use -Force*' { New-FtpItem "$at/none/x.txt" }
            Test-FtpPath "$at/none" | Should -BeFalse
            Get-FtpContent "$at/b.txt" | Should -Be 'b'
        }

        It 'names -LiteralPath where brackets that nobody meant fit nothing' {
            foreach ($command in { Get-FtpItem "$at/a[1].txt" }, { Get-FtpChildItem "$at/a[1].txt" }, { Get-FtpContent "$at/a[1].txt" }, { Remove-FtpItem "$at/a[1].txt" -Confirm:$false }) {
                Test-Failure 'FtpPathNotFound' '*exactly this name*-LiteralPath.' $command
            }
            # What fits nothing at all is nothing, as with PowerShell's own.
            Get-FtpItem "$at/z[1].txt" | Should -BeNullOrEmpty
            Get-FtpItem "$at/[bc].txt" | Should -HaveCount 2
            Test-FtpPath "$at/a[1].txt" | Should -BeFalse
            (Get-FtpItem -LiteralPath "$at/a[1].txt").Name | Should -Be 'a[1].txt'
            $odd = New-TestFile (Join-Path $TestDrive 'y[1].txt')
            Test-Failure 'FtpLocalFileError' '*exactly this name*-LiteralPath.' { Send-FtpItem $odd $at -ErrorAction SilentlyContinue; $Error[0] }
        }

        It 'refuses several for one name before the first is done' {
            foreach ($command in { Copy-FtpItem "$at/b.txt", "$at/c.txt" "$at/none" }, { Copy-FtpItem "$at/?.txt" "$at/none" }, { Move-FtpItem "$at/b.txt", "$at/c.txt" "$at/none" }, { Move-FtpItem "$at/?.txt" "$at/none" }) {
                Test-Failure 'FtpInvalidName' '*isn''t an existing directory*' $command
            }
            $error0 = $null
            $results = Receive-FtpItem "$at/?.txt" (Join-Path $TestDrive 'none') -ErrorAction SilentlyContinue -ErrorVariable error0
            $error0[0].FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
            $results.Status | Should -Be @('Failed', 'Failed')
            Join-Path $TestDrive 'none' | Should -Not -Exist
            Get-FtpChildItem $at -Name | Sort-Object | Should -Be @('a[1].txt', 'b.txt', 'c.txt')
        }

        It 'refuses addresses of no FTP server' {
            foreach ($command in { Get-FtpItem 'http://example.com/x' }, { Remove-FtpItem 'https://example.com/x' -Confirm:$false }, { Copy-FtpItem "$at/b.txt" 'sftp://example.com/x' }, { Get-FtpItem 'ftp://' }) {
                Test-Failure 'FtpInvalidName' '*ftp://host/path*' $command
            }
            Test-Failure 'FtpInvalidName' '*ftp://host/path*' { Send-FtpItem $local 'http://example.com/' -ErrorAction SilentlyContinue; $Error[0] }
        }

        It 'takes an address of this user and server, and of no other' {
            (Get-FtpItem "ftp://$server$at/b.txt").FullName | Should -Be "$at/b.txt"
            (Get-FtpItem "ftp://$($session.UserName)@$server$at/b.txt").FullName | Should -Be "$at/b.txt"
            Test-Failure 'FtpWrongServer' "*as 'nobody-else'*" { Get-FtpItem "ftp://nobody-else@$server$at/b.txt" }
            Test-Failure 'FtpWrongServer' '*with TLS*without TLS*' { Get-FtpItem "ftps://$server$at/b.txt" }
        }

        It 'takes addresses of two open sessions in one call, each on its own' {
            $other = Start-TestServer embedded '--foreign'
            $there = New-TestFolder $other
            $null = New-TestFile (Join-Path $there.Local 'two.txt') '2'
            $to = Connect-TestServer $other @{ Name = 'two' }
            try {
                $items = Get-FtpItem "ftp://$server$at/b.txt", "ftp://$($other.Host):$($other.Port)$($there.Remote)/two.txt"
                $items.Server | Should -Be @($server, $to.Server)
                Copy-FtpItem "ftp://$server$at/b.txt" "ftp://$($other.Host):$($other.Port)$($there.Remote)/b.txt"
                Get-FtpContent "$($there.Remote)/b.txt" -Session $to | Should -Be 'b'
            }
            finally {
                Disconnect-Ftp -Session $to
                $null = Select-FtpSession one
            }
        }

        It 'refuses a name with a line break before anything is said' {
            $said = @(Rename-FtpItem "$at/b.txt" "x`r`nDELE $at/c.txt" -Verbose -ErrorAction SilentlyContinue -ErrorVariable failure 4>&1)
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
            $said | Should -BeNullOrEmpty
        }

        It 'tells of the server in the error of a file that is not there' {
            (Get-ExpectedError { Get-FtpContent "$at/none" }).Exception.Server | Should -Be $session.Server
        }

        It 'says of a session from a file that it has no connection' {
            $file = Join-Path $TestDrive 'session.xml'
            $session | Export-Clixml $file
            $row = Import-Clixml $file
            "$(Get-ExpectedError { Get-FtpChildItem -Session $row })" | Should -BeLike '*To open a session, run Connect-Ftp in this process*'
            Test-Failure 'FtpInvalidName' '*To open a session, run Connect-Ftp in this process*' { $row | Get-FtpChildItem }
        }

        It 'takes sizes in words' {
            (Get-FtpChildItem $at -MinimumSize '0.0005 kb').Count | Should -Be 3
            Get-FtpChildItem $at -MinimumSize '1.5 KB' | Should -BeNullOrEmpty
            (Get-FtpChildItem $at -MaximumSize 1kb).Count | Should -Be 3
            "$(Get-ExpectedError { Get-FtpChildItem $at -MinimumSize 'big' })" | Should -BeLike "*'big' isn't a valid size*10MB*"
        }

        It 'counts what is no result as an error' {
            $sum = 42, 'x' | Measure-FtpTransfer -ErrorAction SilentlyContinue -ErrorVariable failure
            $failure[0].FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
            $sum.OtherErrors | Should -Be 2
            $sum.ExitCode | Should -Be 2
            (Send-FtpItem $local "$at/sent.txt" | Measure-FtpTransfer).ExitCode | Should -Be 0
        }
    }
}
