<#
What the module is for, on a server of each family. What a server itself cannot do is asserted as the error that it comes
to, or as what comes of it; docs/servers.md has the same as a table.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-MainJobTestServer
}

foreach ($server in $servers) {
    Describe "The main job, <Name> <Option>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name -Option $Option
            $with = if ($ftp.Thumbprint) { @{ CertificateThumbprint = $ftp.Thumbprint } } else { @{} }
            # Listings tell local time, and by the MDTM of this one no offset can be measured.
            if ($Name -eq 'ftpd') { $with.ServerTimeZone = [TimeZoneInfo]::Local }
            $session = Connect-TestServer $ftp ($with + @{ MaxConnection = 8 })
            $folder = New-TestFolder $ftp
            $at = $folder.Remote

            # The paths below a folder, each with what is in the file.
            function Get-Tree([string] $Folder) {
                Get-ChildItem -LiteralPath $Folder -Recurse -Force | ForEach-Object {
                    $path = $_.FullName.Substring($Folder.Length).Replace('\', '/')
                    if ($_.PSIsContainer) { "$path/" } else { "$path $((Get-FileHash -LiteralPath $_.FullName).Hash)" }
                } | Sort-Object
            }

            # Runs a script with the module in a runspace of its own, until it shows that two fifths are done: a server may
            # have written less than was sent, and a part of less than 1 MiB is not kept.
            function Invoke-UntilProgress([scriptblock] $Script, [object[]] $Arguments) {
                $shell = [PowerShell]::Create().AddScript("Import-Module '$manifest'; & { $Script } @args")
                foreach ($argument in $Arguments) { $null = $shell.AddArgument($argument) }
                try {
                    $null = Register-ObjectEvent $shell.Streams.Progress DataAdded -SourceIdentifier progress
                    $null = $shell.BeginInvoke()
                    $end = [DateTime]::UtcNow.AddSeconds(20)
                    while (-not ($shell.Streams.Progress | Where-Object PercentComplete -GE 40)) {
                        [DateTime]::UtcNow | Should -BeLessThan $end
                        Wait-Event progress -Timeout 20 | Remove-Event
                    }
                    $shell.Stop()
                }
                finally {
                    Unregister-Event progress
                    Get-Event progress -ErrorAction Ignore | Remove-Event
                    $shell.Dispose()
                }
            }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'lists, sends and receives by <_>' -ForEach 'Pasv', 'Epsv', 'Port', 'Eprt' {
            $data = New-TestData (Join-Path $TestDrive 'mode.bin') 100000
            $back = Join-Path $TestDrive 'mode.back'
            Set-FtpMode $_
            try {
                if ($Name -eq 'busybox' -and $_ -eq 'Eprt') {
                    $failure = Get-ExpectedError { Send-FtpItem $data "$at/mode.bin" }
                    $failure.FullyQualifiedErrorId | Should -BeLike 'FtpCommandNotSupported,*'
                    "$failure" | Should -BeLike "*replied '500 Unknown command' to EPRT*"
                    (Get-ExpectedError { Get-FtpChildItem $at }).FullyQualifiedErrorId | Should -BeLike 'FtpCommandNotSupported,*'
                    return
                }
                $sent = Send-FtpItem $data "$at/mode.bin"
                $sent.Status | Should -Be 'Succeeded'
                $sent.Mode | Should -Be $_
                (Get-FtpChildItem $at -File).Name | Should -Be 'mode.bin'
                $received = Receive-FtpItem "$at/mode.bin" $back
                $received.Mode | Should -Be $_
                (Get-FileHash $back).Hash | Should -Be (Get-FileHash $data).Hash
                Remove-FtpItem "$at/mode.bin" -Confirm:$false
            }
            finally { Set-FtpMode Auto }
        }

        It 'sends and receives bytes as they are, and text with line ends' {
            $data = New-TestFile (Join-Path $TestDrive 'text.txt') "one`ntwo`r`nthree`n"
            $back = Join-Path $TestDrive 'text.back'
            (Send-FtpItem $data "$at/text.bin" -TransferType Binary).Status | Should -Be 'Succeeded'
            [IO.File]::ReadAllText((Join-Path $folder.Local 'text.bin')) | Should -BeExactly "one`ntwo`r`nthree`n"
            (Receive-FtpItem "$at/text.bin" $back -TransferType Binary).Status | Should -Be 'Succeeded'
            [IO.File]::ReadAllText($back) | Should -BeExactly "one`ntwo`r`nthree`n"

            $data = New-TestFile $data "one`ntwo`nthree`n"
            (Send-FtpItem $data "$at/text.txt" -TransferType Ascii).Status | Should -Be 'Succeeded'
            # Three of them take TYPE A, and store what comes.
            $end = if ($Name -in 'ftp-srv', 'ftpd', 'busybox') { "`r`n" } else { "`n" }
            [IO.File]::ReadAllText((Join-Path $folder.Local 'text.txt')) | Should -BeExactly ('one', 'two', 'three', '' -join $end)
            (Receive-FtpItem "$at/text.txt" $back -TransferType Ascii).Status | Should -Be 'Succeeded'
            [IO.File]::ReadAllText($back) | Should -BeExactly "one`ntwo`nthree`n"
        }

        It 'takes a folder with odd names and empty folders up, down and away' {
            $tree = Join-Path $TestDrive 'tree'
            $umlaut = "$([char]0xFC)ml$([char]0xE4)ut"
            foreach ($name in 'sp ace', 'br [x] {y}', '-dash', $umlaut, 'semi;colon', '100%', 'deep/er/most') {
                $null = New-TestFile (Join-Path $tree "$name/$name.txt") "of $name"
                $null = New-Item -ItemType Directory -Force -Path (Join-Path $tree "$name/empty")
            }
            $sent = Send-FtpItem $tree "$at/tree" -Recurse -RetryCount 0
            $sent.Status | Should -Be (@('Succeeded') * 7)
            Get-Tree (Join-Path $folder.Local 'tree') | Should -BeExactly (Get-Tree $tree)
            $back = Join-Path $TestDrive 'tree.back'
            (Receive-FtpItem "$at/tree" $back -Recurse -RetryCount 0).Status | Should -Be (@('Succeeded') * 7)
            Get-Tree $back | Should -BeExactly (Get-Tree $tree)
            Remove-FtpItem "$at/tree" -Recurse -Confirm:$false
            Test-Path (Join-Path $folder.Local 'tree') | Should -BeFalse
            if ($Name -eq 'ftpd') { $session | Format-List | Out-String | Should -Match '(?m)^Habits *: .*accepts only one command at a time' }
        }

        It 'writes, reads and copies files without local ones' {
            $lines = 1..5000 | ForEach-Object { "line $_" }
            $lines | Set-FtpContent "$at/content.txt"
            Add-FtpContent "$at/content.txt" 'the end'
            Get-FtpContent "$at/content.txt" | Should -Be (@($lines) + 'the end')
            Get-FtpContent "$at/content.txt" -TotalCount 2 | Should -Be $lines[0..1]
            Get-FtpContent "$at/content.txt" -Tail 2 | Should -Be 'line 5000', 'the end'
            $known = (Get-FileHash (Join-Path $folder.Local 'content.txt')).Hash
            (Get-FtpFileHash "$at/content.txt" -Local).Hash | Should -Be $known
            (Copy-FtpItem "$at/content.txt" "$at/copy.txt" -PassThru).Name | Should -Be 'copy.txt'
            (Get-FileHash (Join-Path $folder.Local 'copy.txt')).Hash | Should -Be $known
            Remove-FtpItem "$at/content.txt", "$at/copy.txt" -Confirm:$false
        }

        It 'keeps names beyond Latin letters' {
            $data = New-TestFile (Join-Path $TestDrive "odd/$oddName") 'odd'
            (Send-FtpItem -LiteralPath $data "$at/odd/" -Force).Status | Should -Be 'Succeeded'
            [IO.File]::ReadAllText((Join-Path $folder.Local "odd/$oddName")) | Should -BeExactly 'odd'
            $back = Join-Path $TestDrive 'odd.back'
            (Receive-FtpItem -LiteralPath "$at/odd/$oddName" $back).Status | Should -Be 'Succeeded'
            if ($Name -eq 'busybox') {
                # It lists a question mark for each letter after U+02FF.
                $shown = $oddName -replace '[^\x00-\u02FF]', '?'
                $null = Send-FtpItem (New-TestFile (Join-Path $TestDrive 'odd/plain') 'plain') "$at/odd/"
                (Get-FtpChildItem "$at/odd").Name | Sort-Object | Should -BeExactly ('plain', $shown | Sort-Object)
                $tree = Join-Path $TestDrive 'odd.tree'
                (Get-ExpectedError { Receive-FtpItem "$at/odd" $tree -Recurse }).FullyQualifiedErrorId | Should -BeLike 'FtpPathNotFound,*'
                Get-ChildItem $tree -Force | ForEach-Object Name | Should -BeExactly 'plain'
                (Get-ExpectedError { Remove-FtpItem "$at/odd" -Recurse -Confirm:$false }).FullyQualifiedErrorId | Should -BeLike 'FtpPermissionDenied,*'
                Get-ChildItem (Join-Path $folder.Local 'odd') -Force | ForEach-Object Name | Should -BeExactly $oddName
                Remove-FtpItem -LiteralPath "$at/odd/$oddName" -Confirm:$false
            }
            else {
                (Get-FtpChildItem "$at/odd").Name | Should -BeExactly $oddName
                (Receive-FtpItem "$at/odd" (Join-Path $TestDrive 'odd.tree') -Recurse).Status | Should -Be 'Succeeded'
            }
            Remove-FtpItem "$at/odd" -Recurse -Confirm:$false
            Test-FtpPath "$at/odd" | Should -BeFalse
        }

        It 'takes names with wildcards in them for names' {
            $data = New-TestFile (Join-Path $TestDrive 'wild/a*b?/a*b?.txt') 'wild'
            if ($Name -eq 'proftpd') {
                $failure = Get-ExpectedError { Send-FtpItem (Join-Path $TestDrive 'wild') "$at/wild" -Recurse }
                $failure.FullyQualifiedErrorId | Should -BeLike 'FtpCommandRefused,*'
                "$failure" | Should -BeLike '*Invalid directory name'' to MKD.'
                $null = Send-FtpItem -LiteralPath $data "$at/wild/"
            }
            else { (Send-FtpItem (Join-Path $TestDrive 'wild') "$at/wild" -Recurse).Status | Should -Be 'Succeeded' }
            $back = Join-Path $TestDrive 'wild.back'
            (Receive-FtpItem "$at/wild" $back -Recurse).Status | Should -Be 'Succeeded'
            Get-Tree $back | Should -BeExactly (Get-Tree (Join-Path $folder.Local 'wild'))
            (Get-ChildItem $back -Recurse -File).Name | Should -BeExactly 'a*b?.txt'
            Remove-FtpItem "$at/wild" -Recurse -Confirm:$false
            Test-FtpPath "$at/wild" | Should -BeFalse
        }

        It 'goes on with -Resume where an upload was stopped' {
            $file = New-TestData (Join-Path $TestDrive 'up.bin') 24MB
            Invoke-UntilProgress { param($session, $file, $to) Send-FtpItem $file $to -Session $session -RateLimit 12MB } $session, $file, "$at/up.bin"
            $result = Send-FtpItem $file "$at/up.bin" -Resume
            $result.Status | Should -Be 'Succeeded'
            # ftp-srv removes what has arrived when its stream tells of the error before it has ended, which one of a few does.
            if ($Name -ne 'ftp-srv') { $result.Resumed | Should -BeTrue }
            (Get-FileHash (Join-Path $folder.Local 'up.bin')).Hash | Should -Be (Get-FileHash $file).Hash
        }

        It 'goes on with -Resume where a download was stopped' {
            $file = New-TestData (Join-Path $folder.Local 'down.bin') 24MB
            Grant-TestFolder $ftp
            $to = Join-Path $TestDrive 'down.bin'
            Invoke-UntilProgress { param($session, $from, $to) Receive-FtpItem $from $to -Session $session -RateLimit 12MB } $session, "$at/down.bin", $to
            $result = Receive-FtpItem "$at/down.bin" $to -Resume
            $result.Status | Should -Be 'Succeeded'
            # One does not know REST.
            $result.Resumed | Should -Be ($Name -ne 'ftpd')
            (Get-FileHash $to).Hash | Should -Be (Get-FileHash $file).Hash
        }

        It 'leaves with -Update what is there already' {
            $from = Join-Path $TestDrive 'update'
            foreach ($i in 1..3) { $null = New-TestFile (Join-Path $from "sub $i/file $i") "$i" }
            (Send-FtpItem $from "$at/" -Recurse -Update).Status | Should -Be (@('Succeeded') * 3)
            (Send-FtpItem $from "$at/" -Recurse -Update).Status | Should -Be (@('Skipped') * 3)
            $to = (New-Item (Join-Path $TestDrive 'updated') -ItemType Directory).FullName
            (Receive-FtpItem "$at/update" $to -Recurse -Update).Status | Should -Be (@('Succeeded') * 3)
            (Receive-FtpItem "$at/update" $to -Recurse -Update).Status | Should -Be (@('Skipped') * 3)
            Get-Tree (Join-Path $to 'update') | Should -BeExactly (Get-Tree $from)
        }

        It 'gives what is sent its time, or warns that the server cannot' {
            $data = New-TestFile (Join-Path $TestDrive 'time.txt') 'timed'
            $time = New-Object datetime 2020, 1, 2, 3, 4, 5, ([DateTimeKind]::Utc)
            [IO.File]::SetLastWriteTimeUtc($data, $time)
            (Send-FtpItem $data "$at/time.txt" -PreserveTime -WarningVariable warnings -WarningAction SilentlyContinue).Status | Should -Be 'Succeeded'
            if ($Name -in 'inetutils', 'busybox', 'ftp-srv', 'ftpd') { "$warnings" | Should -BeLike '*because the server doesn''t accept MFMT, MDTM or SITE UTIME for it.' }
            else {
                $warnings | Should -BeNullOrEmpty
                [IO.File]::GetLastWriteTimeUtc((Join-Path $folder.Local 'time.txt')) | Should -Be $time
            }
        }

        It 'compares by the hash that the server tells, or says that it tells none' {
            $data = New-TestFile (Join-Path $TestDrive 'hash.txt') 'hashed'
            if ($Name -eq 'proftpd') { (Send-FtpItem $data "$at/hash.txt" -Verify Hash).Verification | Should -Be 'Hash' }
            else { "$(Get-ExpectedError { Send-FtpItem $data "$at/hash.txt" -Verify Hash })" | Should -BeLike '*requires a server that computes hashes*' }
        }

        It 'sends and receives 200 files over 8 connections, and leaves no part' {
            $from = Join-Path $TestDrive 'many'
            foreach ($i in 1..200) { $null = New-TestFile (Join-Path $from "$($i % 7)/file $i") "of $i" }
            $to = Join-Path $TestDrive 'many.back'
            (Send-FtpItem $from "$at/many" -Recurse -ThrottleLimit 8 -RetryCount 0).Status | Should -Be (@('Succeeded') * 200)
            Get-Tree (Join-Path $folder.Local 'many') | Should -BeExactly (Get-Tree $from)
            (Receive-FtpItem "$at/many" $to -Recurse -ThrottleLimit 8 -RetryCount 0).Status | Should -Be (@('Succeeded') * 200)
            Get-Tree $to | Should -BeExactly (Get-Tree $from)
            Remove-FtpItem "$at/many" -Recurse -Confirm:$false
            Test-FtpPath "$at/many" | Should -BeFalse
        }

        It 'is told the truth of by Test-FtpConnection' {
            $rows = Test-FtpConnection -Session $session
            $failed = @($rows | Where-Object { -not $_.Succeeded })
            if ($Name -eq 'busybox') {
                $failed.Mode | Should -Be 'Eprt'
                $failed.Diagnosis | Should -BeLike "*doesn't support EPRT. It replied '500 Unknown command'.*"
            }
            else { $failed | Should -BeNullOrEmpty }
            @($rows | Where-Object Step -eq 'Listing').Mode | Should -Be @('Epsv', 'Pasv', 'Port', 'Eprt')
            $rows[-1].Step | Should -Be 'Recommendation'
            $rows[-1].Mode | Should -Be 'Auto'
            if ($ftp.Thumbprint) { @($rows | Where-Object Step -eq 'Listing').Resumed | Should -Be @($true, $true, $true, $true) }
        }
    }
}
