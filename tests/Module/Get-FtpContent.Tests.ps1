BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Get-FtpContent, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $umlaut = "gr$([char]0xFC)$([char]0xDF)"
            $null = New-TestFile (Join-Path $folder.Local 'a.txt') "one`ntwo`r`nthree`r$umlaut"
            $null = New-TestFile (Join-Path $folder.Local 'empty.txt')
            $null = New-TestFile (Join-Path $folder.Local $oddName) 'odd'
            $null = New-TestFile (Join-Path $folder.Local 'sub/b.txt') 'b'
            $null = New-TestFile (Join-Path $folder.Local 'sub/c.txt') 'c'
            $null = New-TestFile (Join-Path $folder.Local 'sub/deep/d.txt') 'd'
            [IO.File]::WriteAllText((Join-Path $folder.Local 'utf16.txt'), "$umlaut`r`nend", [Text.Encoding]::Unicode)
            [IO.File]::WriteAllBytes((Join-Path $folder.Local 'latin.txt'), [Text.Encoding]::GetEncoding(28591).GetBytes($umlaut))
            $large = New-Object Text.StringBuilder
            $filler = 'x' * 400
            foreach ($i in 1..60000) { $null = $large.Append("line $i of $filler`n") }
            [IO.File]::WriteAllText((Join-Path $folder.Local 'large.txt'), $large)
            Grant-TestFolder $ftp
            # One connection: what is in its way would wait for ever.
            $session = Connect-TestServer $ftp @{ MaxConnection = 1 }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'emits lines, whatever ends them and whatever the transfer type is' {
            Set-FtpMode -TransferType Ascii
            try { Get-FtpContent "$at/a.txt" | Should -BeExactly @('one', 'two', 'three', $umlaut) }
            finally { Set-FtpMode -TransferType Binary }
            Get-FtpContent "$at/empty.txt" | Should -BeNullOrEmpty
        }

        It 'emits a text whole, or as pieces' {
            Get-FtpContent "$at/a.txt" -Raw | Should -BeExactly "one`ntwo`r`nthree`r$umlaut"
            Get-FtpContent "$at/empty.txt" -Raw | Should -BeExactly ''
            Get-FtpContent "$at/a.txt" -Delimiter 'o' | Should -BeExactly @('', "ne`ntw", "`r`nthree`r$umlaut")
        }

        It 'emits bytes' {
            $bytes = [IO.File]::ReadAllBytes((Join-Path $folder.Local 'a.txt'))
            $found = Get-FtpContent "$at/a.txt" -AsByteStream
            $found[0] | Should -BeOfType byte
            $found | Should -Be $bytes
            $found = @(Get-FtpContent "$at/a.txt" -AsByteStream -Raw)
            $found.Count | Should -Be 1
            , $found[0] | Should -BeOfType byte[]
            $found[0] | Should -Be $bytes
            Get-FtpContent "$at/a.txt" -AsByteStream -TotalCount 3 | Should -Be @(111, 110, 101)
            Get-FtpContent "$at/a.txt" -AsByteStream -Tail 2 | Should -Be @(0xC3, 0x9F)
        }

        It 'goes by the byte order mark, and else by -Encoding' {
            Get-FtpContent "$at/utf16.txt" | Should -BeExactly @($umlaut, 'end')
            Get-FtpContent "$at/latin.txt" -Encoding iso-8859-1 | Should -BeExactly $umlaut
            Get-FtpContent "$at/latin.txt" -Encoding 28591 | Should -BeExactly $umlaut
            { Get-FtpContent "$at/latin.txt" -Encoding none } | Should -Throw '*isn''t an encoding of this system*'
        }

        It 'reads the beginning alone, and leaves the session in order' {
            Get-FtpContent "$at/large.txt" -TotalCount 2 | Should -BeLike 'line [12] of*'
            Get-FtpContent "$at/large.txt" -First 1 | ForEach-Object { (Get-FtpItem "$at/a.txt").Name } | Should -Be 'a.txt'
            @(Get-FtpContent "$at/large.txt" | Select-Object -First 3).Count | Should -Be 3
            Get-FtpContent "$at/a.txt" -Head 1 | Should -Be 'one'
            Get-FtpContent "$at/a.txt" -TotalCount 0 | Should -BeNullOrEmpty
            (Get-FtpSession -Current).ConnectionCount | Should -Be 1
        }

        It 'reads the end alone' {
            $said = Get-FtpContent "$at/large.txt" -Tail 2 -Verbose 4>&1
            $said | Where-Object { $_ -is [string] } | Should -BeExactly @("line 59999 of $filler", "line 60000 of $filler")
            ($said -match '--> REST \d+').Count | Should -Be 1
            @(Get-FtpContent "$at/large.txt" -Last 20000).Count | Should -Be 20000
            Get-FtpContent "$at/a.txt" -Tail 100 | Should -BeExactly @('one', 'two', 'three', $umlaut)
            Get-FtpContent "$at/utf16.txt" -Tail 1 | Should -BeExactly 'end'
            Get-FtpContent "$at/a.txt" -Tail 0 | Should -BeNullOrEmpty
        }

        It 'does not make the wire wait for commands on the same connection' {
            # 25 million letters are more than the 16 MiB that are held in memory.
            $count = 0
            $wrong = 0
            Get-FtpContent "$at/large.txt" | ForEach-Object {
                $count++
                if ($count -le 3 -or $count -eq 59000) { if (-not (Test-FtpPath "$at/a.txt")) { $wrong++ } }
                if ($count % 1000 -eq 0 -and $_ -notlike "line $count of *") { $wrong++ }
            }
            $count | Should -Be 60000
            $wrong | Should -Be 0
        }

        It 'takes wildcards for files, items, and names with brackets' {
            Get-FtpContent "$at/s*/*" | Sort-Object | Should -Be @('b', 'c')
            Get-FtpChildItem "$at/sub" -File | Get-FtpContent | Sort-Object | Should -Be @('b', 'c')
            Get-FtpItem "$at/sub/b.txt" | ConvertTo-Json -Depth 1 -WarningAction Ignore | ConvertFrom-Json | Get-FtpContent | Should -Be 'b'
            Get-FtpContent -LiteralPath "$at/$oddName" | Should -Be 'odd'
        }

        It 'says what cannot be read, and reads the next' {
            $failure = Get-ExpectedError { Get-FtpContent "$at/sub" }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpCommandRefused,*'
            $failure.TargetObject | Should -Be "$at/sub"
            Get-FtpContent "$at/none", "$at/sub/b.txt" -ErrorAction SilentlyContinue -ErrorVariable failures | Should -Be 'b'
            $failures.FullyQualifiedErrorId | Should -BeLike 'FtpPathNotFound,*'
            foreach ($arguments in @{ Tail = 1; TotalCount = 1 }, @{ Raw = $true; Tail = 1 }, @{ Raw = $true; Delimiter = ',' }) {
                (Get-ExpectedError { Get-FtpContent "$at/a.txt" @arguments }).FullyQualifiedErrorId | Should -BeLike 'FtpCommandNotSupported,*'
            }
        }

        It 'ends at once when it is stopped, and leaves nothing behind' {
            $shell = [PowerShell]::Create().AddScript({
                param($Manifest, $Session, $Path)
                Import-Module $Manifest
                Get-FtpContent $Path -Session $Session | ForEach-Object { $_; Start-Sleep -Milliseconds 20 }
            }).AddArgument($manifest).AddArgument($session).AddArgument("$at/large.txt")
            try {
                $output = New-Object 'Management.Automation.PSDataCollection[psobject]'
                $input = New-Object 'Management.Automation.PSDataCollection[psobject]'
                $null = Register-ObjectEvent $output DataAdded -SourceIdentifier lines
                $null = $shell.BeginInvoke($input, $output)
                Wait-Event lines -Timeout 20 | Should -Not -BeNullOrEmpty
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                # All lines take twenty minutes.
                $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
            }
            finally {
                Unregister-Event lines
                Get-Event lines -ErrorAction Ignore | Remove-Event
                $shell.Dispose()
            }
            Get-FtpContent "$at/sub/b.txt" | Should -Be 'b'
        }
    }
}
