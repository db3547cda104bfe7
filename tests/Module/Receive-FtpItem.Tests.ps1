BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Receive-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $session = Connect-TestServer $ftp @{ MaxConnection = 1 }
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = New-TestFile (Join-Path $folder.Local 'a.csv') 'one'
            $null = New-TestFile (Join-Path $folder.Local 'b.csv') ''
            $null = New-TestFile (Join-Path $folder.Local 'c.txt') 'three'
            $null = New-TestFile (Join-Path $folder.Local '.hidden') 'dot'
            $null = New-TestFile (Join-Path $folder.Local $oddName) 'four'
            $null = New-TestFile (Join-Path $folder.Local 'tree/d.csv') 'five'
            $null = New-TestFile (Join-Path $folder.Local "tree/$oddName/.hidden") 'six'
            $null = New-Item (Join-Path $folder.Local 'tree/empty') -ItemType Directory
            Grant-TestFolder $ftp
            # To the whole second, for that is what all servers can tell.
            $time = [datetime]::new(2021, 2, 3, 4, 5, 6, [DateTimeKind]::Utc)
            [IO.File]::SetLastWriteTimeUtc((Join-Path $folder.Local 'a.csv'), $time)
        }

        BeforeEach {
            $target = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory).FullName
            Push-Location $target
        }

        AfterEach { Pop-Location }

        AfterAll { Disconnect-Ftp -All }

        It 'goes through a link to a directory with -FollowSymlink alone' {
            Skip-Test -If ($Name -in 'embedded', 'pyftpdlib') -Because 'the MLSD of the embedded server and of pyftpdlib shows what a link leads to, and not the link'
            $own = New-TestFolder $ftp
            $null = New-TestFile (Join-Path $own.Local 'real/in.txt') 'inside'
            $null = New-Item (Join-Path $own.Local 'link') -ItemType SymbolicLink -Target real
            Grant-TestFolder $ftp
            $to = Join-Path $TestDrive 'followed'
            (Receive-FtpItem $own.Remote $to -Recurse -WarningVariable warnings -WarningAction SilentlyContinue).Destination | Should -HaveCount 1
            "$warnings" | Should -BeLike '*link to a directory and wasn''t followed*'
            $null = Receive-FtpItem $own.Remote "$to 2" -Recurse -FollowSymlink
            [IO.File]::ReadAllText((Join-Path "$to 2" 'link/in.txt')) | Should -Be 'inside'
        }

        It 'receives a file into the location and says what became of it' {
            $result = Receive-FtpItem "$at/a.csv"
            $result | Should -BeOfType FtpTools.FtpTransferResult
            $result.Direction | Should -Be 'Download'
            $result.Status | Should -Be 'Succeeded'
            $result.Source | Should -BeExactly "$at/a.csv"
            $result.Destination | Should -Be (Join-Path $target 'a.csv')
            $result.Length | Should -Be 3
            $result.Verification | Should -Be 'Size'
            Get-Content a.csv | Should -BeExactly 'one'
        }

        It 'receives into the null device, and leaves nothing' {
            $device = if ($env:OS -eq 'Windows_NT') { 'NUL' } else { '/dev/null' }
            $result = Receive-FtpItem "$at/a.csv" $device
            $result.Status | Should -Be 'Succeeded'
            $result.Length | Should -Be 3
            Get-ChildItem -Force | Should -BeNullOrEmpty
        }

        It 'gives the file the time that it has on the server' {
            $null = Receive-FtpItem "$at/a.csv"
            (Get-Item a.csv).LastWriteTimeUtc | Should -Be $time
        }

        It 'gives the file another name where the destination is no directory' {
            $null = New-Item here -ItemType Directory
            (Receive-FtpItem "$at/a.csv" here).Destination | Should -Be (Join-Path $target 'here/a.csv')
            (Receive-FtpItem "$at/a.csv" other.csv).Destination | Should -Be (Join-Path $target 'other.csv')
            (Receive-FtpItem "$at/a.csv" 'br[ack]et').Destination | Should -Be (Join-Path $target 'br[ack]et')
        }

        It 'takes a destination that ends in a separator for a directory, and makes it with -Force' {
            (Get-ExpectedError { Receive-FtpItem "$at/a.csv" new/ }).FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.ReceiveFtpItemCommand'
            (Receive-FtpItem "$at/a.csv" new/deep/ -Force).Destination | Should -Be (Join-Path $target 'new/deep/a.csv')
            # PowerShell takes both slashes for separators, wherever it runs.
            (Receive-FtpItem "$at/a.csv" 'back\slash\' -Force).Destination | Should -Be (Join-Path (Join-Path $target 'back') 'slash' | Join-Path -ChildPath 'a.csv')
        }

        It 'takes wildcards, several paths and odd names' {
            (Receive-FtpItem "$at/*.csv", "$at/c.*").Source | Sort-Object | Should -Be @("$at/a.csv", "$at/b.csv", "$at/c.txt")
            Receive-FtpItem "$at/none*" | Should -BeNullOrEmpty
            Receive-FtpItem "$at/*hid*" | Should -BeNullOrEmpty
            (Receive-FtpItem "$at/*hid*" -Force).Source | Should -Be "$at/.hidden"
            (Receive-FtpItem -LiteralPath "$at/$oddName").Destination | Should -BeExactly (Join-Path $target $oddName)
            [IO.File]::ReadAllText((Join-Path $target $oddName)) | Should -BeExactly 'four'
        }

        It 'takes items from the pipeline, on one connection, and its results go down it' {
            Get-FtpChildItem $at -Filter *.csv | Receive-FtpItem -Destination . | Where-Object Length -gt 0 | Export-Csv log.csv -NoTypeInformation
            (Import-Csv log.csv).Source | Should -Be "$at/a.csv"
            Get-ChildItem *.csv | ForEach-Object Name | Sort-Object | Should -Be @('a.csv', 'b.csv', 'log.csv')
            $session.ConnectionCount | Should -Be 1
        }

        It 'takes strings and rows from the pipeline, odd names too' {
            ("$at/a.csv", "$at/c.txt" | Receive-FtpItem).Status | Should -Be @('Succeeded', 'Succeeded')
            (Get-FtpItem "$at/sp*" | Receive-FtpItem).Source | Should -BeExactly "$at/$oddName"
            ([pscustomobject]@{ FullName = "$at/$oddName" } | Receive-FtpItem -Destination renamed).Destination | Should -Be (Join-Path $target 'renamed')
            ([pscustomobject]@{ Path = "$at/a.csv"; Destination = 'row' } | Receive-FtpItem).Destination | Should -Be (Join-Path $target 'row')
        }

        It 'takes an item with the session it was read with' {
            $item = Get-FtpItem "$at/a.csv"
            $other = Connect-TestServer $ftp @{ Name = 'other' }
            try {
                $dialogue = Receive-FtpItem -InputObject $item -Verbose 4>&1 | Out-String
                $dialogue | Should -Match 'RETR'
                $other.TransferType = 'Ascii'
                (Receive-FtpItem -InputObject $item -NoClobber:$false).TransferType | Should -Be 'Binary'
                (Receive-FtpItem -InputObject $item -Session other).TransferType | Should -Be 'Ascii'
            }
            finally { Disconnect-Ftp other }
        }

        It 'refuses to write several files to one name' {
            (Get-ExpectedError { Receive-FtpItem "$at/*.csv" name }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand'
            (Get-ExpectedError { Get-FtpChildItem $at -File | Receive-FtpItem -Destination name }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand'
        }

        It 'writes over a file, in place with -Direct, and not at all with -NoClobber' {
            [IO.File]::WriteAllText((Join-Path $target 'a.csv'), 'before')
            $result = Receive-FtpItem "$at/a.csv" -NoClobber -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures.FullyQualifiedErrorId | Should -Be 'FtpAlreadyExists,FtpTools.Commands.ReceiveFtpItemCommand'
            $failures.TargetObject | Should -Be "$at/a.csv"
            $result.Status | Should -Be 'Failed'
            Get-Content a.csv | Should -BeExactly 'before'
            $null = Receive-FtpItem "$at/a.csv"
            Get-Content a.csv | Should -BeExactly 'one'
            $null = Receive-FtpItem "$at/c.txt" a.csv -Direct
            Get-Content a.csv | Should -BeExactly 'three'
            Get-ChildItem -Force | Should -HaveCount 1
        }

        It 'refuses a directory, and receives it with -Recurse, hidden names too' {
            $failure = Get-ExpectedError { Receive-FtpItem "$at/tree" }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpCommandRefused,FtpTools.Commands.ReceiveFtpItemCommand'
            $failure.Exception.Message | Should -BeLike '*-Recurse*'
            (Receive-FtpItem "$at/tree" -Recurse).Source | Sort-Object | Should -Be @("$at/tree/d.csv", "$at/tree/$oddName/.hidden")
            [IO.File]::ReadAllText((Join-Path $target "tree/$oddName/.hidden")) | Should -BeExactly 'six'
            Test-Path tree/empty | Should -BeTrue
            (Receive-FtpItem "$at/tree" copy -Recurse).Destination | Should -Contain (Join-Path $target 'copy/d.csv')
        }

        It 'reports a file of a directory that cannot be written, and receives the others' {
            $null = New-Item tree/d.csv -ItemType Directory
            $results = Receive-FtpItem "$at/tree" -Recurse -ErrorAction SilentlyContinue -ErrorVariable failures
            ($results | Where-Object Status -eq 'Failed').Source | Should -Be "$at/tree/d.csv"
            ($results | Where-Object Status -eq 'Succeeded').Source | Should -Be "$at/tree/$oddName/.hidden"
            $failures.FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.ReceiveFtpItemCommand'
            $failures.TargetObject | Should -Be "$at/tree/d.csv"
        }

        It 'turns line ends into those of this system in the type Ascii' {
            $null = New-FtpItem "$at/lines.txt" -Value "a`r`nb`r`n" -Force
            $null = Send-FtpItem (New-TestFile (Join-Path $target 'lines.txt') "a$([Environment]::NewLine)b$([Environment]::NewLine)") "$at/lines.txt" -TransferType Ascii
            (Receive-FtpItem "$at/lines.txt" back.txt -TransferType Ascii).TransferType | Should -Be 'Ascii'
            [IO.File]::ReadAllText((Join-Path $target 'back.txt')) | Should -BeExactly "a$([Environment]::NewLine)b$([Environment]::NewLine)"
        }

        It 'writes FtpPathNotFound for what is not there, and goes on' {
            $results = Receive-FtpItem "$at/none", "$at/a.csv" -ErrorAction SilentlyContinue -ErrorVariable failures
            $results.Source | Should -Be "$at/a.csv"
            $results.Status | Should -Be 'Succeeded'
            $failures.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.ReceiveFtpItemCommand'
            $failures.TargetObject | Should -Be "$at/none"
        }

        It 'receives into the location of the file system when the location is elsewhere' {
            Push-Location Env:
            try { (Receive-FtpItem "$at/a.csv").Destination | Should -Be (Join-Path $target 'a.csv') }
            finally { Pop-Location }
            (Get-ExpectedError { Receive-FtpItem "$at/a.csv" Env:x }).FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.ReceiveFtpItemCommand'
        }

        It 'leaves the time of the transfer with -PreserveTime:$false' {
            $null = Receive-FtpItem "$at/a.csv" -PreserveTime:$false
            (Get-Item a.csv).LastWriteTimeUtc | Should -BeGreaterThan ([datetime]::UtcNow.AddDays(-1))
        }

        It 'skips with -Update what is here in the same state or newer, and emits that too' {
            (Receive-FtpItem "$at/a.csv", "$at/c.txt" -Update).Status | Should -Be @('Succeeded', 'Succeeded')
            $results = Receive-FtpItem "$at/a.csv", "$at/c.txt" -Update
            $results.Status | Should -Be @('Skipped', 'Skipped')
            $results.Source | Sort-Object | Should -Be @("$at/a.csv", "$at/c.txt")
            $results | ForEach-Object { $_.Length } | Sort-Object | Should -Be @(3, 5)
            $results.BytesPerSecond | Should -Be @(0, 0)
            [IO.File]::WriteAllText((Join-Path $target 'a.csv'), 'older')
            [IO.File]::SetLastWriteTimeUtc((Join-Path $target 'a.csv'), $time.AddDays(-2))
            (Receive-FtpItem "$at/a.csv" -Update).Status | Should -Be 'Succeeded'
            Get-Content a.csv | Should -BeExactly 'one'
            [IO.File]::WriteAllText((Join-Path $target 'a.csv'), 'newer')
            (Receive-FtpItem "$at/a.csv" -Update).Status | Should -Be 'Skipped'
            Get-Content a.csv | Should -BeExactly 'newer'
        }

        It 'tries again after the connection is lost, goes on where it stood, and counts' {
            $big = New-TestData (Join-Path $folder.Local 'retried.bin') 24MB
            Grant-TestFolder $ftp
            # More than the buffers between here and there hold, so that the server is still at it when the connection goes.
            $relay = Start-TestRelay $ftp
            $over = Connect-Ftp 127.0.0.1 -Port $relay.Port -Credential $ftp.Credential -MaxConnection 1 -WarningAction SilentlyContinue
            try {
                $relay.DropAfter('RETR', 600)
                $result = Receive-FtpItem "$at/retried.bin" -Session $over -RateLimit 16MB -WarningAction SilentlyContinue
                $relay.Drops | Should -Be 1
                $result.Status | Should -Be 'Succeeded'
                $result.Attempts | Should -Be 2
                (Get-FileHash retried.bin).Hash | Should -Be (Get-FileHash $big).Hash

                $relay.DropAfter('RETR', 600)
                $result = Receive-FtpItem "$at/retried.bin" none.bin -Session $over -RateLimit 16MB -RetryCount 0 -ErrorAction SilentlyContinue -ErrorVariable failures
                $result.Status | Should -Be 'Failed'
                $result.Attempts | Should -Be 1
                $failures.FullyQualifiedErrorId | Should -BeLike 'Ftp*,FtpTools.Commands.ReceiveFtpItemCommand'
                Test-Path none.bin | Should -BeFalse
                # What had come by then is here still.
                $result = Receive-FtpItem "$at/retried.bin" none.bin -Session $over -Resume
                $result.Resumed | Should -BeTrue
                (Get-FileHash none.bin).Hash | Should -Be (Get-FileHash $big).Hash
                Get-ChildItem -Force | ForEach-Object Name | Sort-Object | Should -Be @('none.bin', 'retried.bin')
            }
            finally {
                Disconnect-Ftp $over
                $relay.Dispose()
                Remove-Item $big
            }
        }

        It 'warns once of tries that failed, says in the error what became of them, and waits no longer than -RetryFor' {
            $big = New-TestData (Join-Path $folder.Local 'waited.bin') 24MB
            Grant-TestFolder $ftp
            $relay = Start-TestRelay $ftp
            $over = Connect-Ftp 127.0.0.1 -Port $relay.Port -Credential $ftp.Credential -MaxConnection 1 -WarningAction SilentlyContinue
            try {
                $item = Get-FtpItem "$at/waited.bin" -Session $over
                # The relay goes, as a server does that is shut down, and does not come back.
                $relay.StopAfter('RETR', 600)
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $failure = try { $item | Receive-FtpItem -RateLimit 16MB -RetryFor 00:00:02 -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction Stop } catch { $_ }
                $failure.FullyQualifiedErrorId | Should -BeLike 'FtpHostUnreachable,*'
                $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 2
                $warnings.Count | Should -Be 1
                $warnings[0].Message | Should -BeLike "*Attempt 1 to transfer '$at/waited.bin' failed. The next attempt follows in *"
                $failure.Exception.Message | Should -BeLike "*kept for -Resume in '*.ftptools-*'. * of $(24MB) bytes had been received, and it was tried * -RetryFor 00:00:02 had expired."
            }
            finally {
                Disconnect-Ftp $over
                $relay.Dispose()
                Remove-Item $big
            }
        }

        It 'leaves a file that is read-only as it is, and replaces it with -Force' {
            Set-Content a.csv former
            Set-ItemProperty a.csv IsReadOnly $true
            $failure = Get-ExpectedError { Receive-FtpItem "$at/a.csv" }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.ReceiveFtpItemCommand'
            $failure.CategoryInfo.Category | Should -Be 'PermissionDenied'
            Get-Content a.csv | Should -BeExactly 'former'
            (Receive-FtpItem "$at/a.csv" -Force).Status | Should -Be 'Succeeded'
            Get-Content a.csv | Should -BeExactly 'one'
            (Get-Item a.csv).IsReadOnly | Should -BeFalse
        }

        It 'says before it receives that another program has the file open, and waits for it with -RetryFor' {
            Skip-Test -If ($env:OS -ne 'Windows_NT') -Because 'Unix has neither locks that a rename heeds nor attributes and streams of files'
            Set-Content a.csv former
            $open = [IO.File]::Open((Join-Path $target 'a.csv'), 'Open', 'Read', 'Read')
            try {
                $failure = Get-ExpectedError { Receive-FtpItem "$at/a.csv" }
                $failure.FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.ReceiveFtpItemCommand'
                $failure.Exception.Message | Should -BeLike '*can''t be replaced*Close it in the program that has it open*'
                Get-ChildItem -Force | ForEach-Object Name | Should -Be 'a.csv'
                $failure = Get-ExpectedError { Receive-FtpItem "$at/a.csv" -RetryFor 00:00:01 -WarningAction SilentlyContinue }
                $failure.Exception.Message | Should -BeLike '*-RetryFor 00:00:01 had expired.'
            }
            finally { $open.Dispose() }
            (Receive-FtpItem "$at/a.csv").Status | Should -Be 'Succeeded'
        }

        It 'waits for whoever has the file open when it is to have its name, as a virus scanner' {
            Skip-Test -If ($env:OS -ne 'Windows_NT') -Because 'Unix renames what is open'
            $own = New-TestFolder $ftp
            $null = New-TestData (Join-Path $own.Local 'scanned.bin') 2MB
            $shell = [PowerShell]::Create().AddScript("param(`$session) Import-Module '$manifest'; Receive-FtpItem $($own.Remote)/scanned.bin '$target' -Session `$session -RateLimit 1MB").AddArgument($session)
            $scanner = $closed = $null
            try {
                $run = $shell.BeginInvoke()
                $time = [Diagnostics.Stopwatch]::StartNew()
                while (-not $scanner) {
                    $time.Elapsed.TotalSeconds | Should -BeLessThan 30
                    $part = [IO.Directory]::GetFiles($target, '.ftptools-*.part') | Select-Object -First 1
                    if ($part) { try { $scanner = [IO.File]::Open($part, 'Open', 'Read', 'ReadWrite') } catch { $null = $_ } }
                }
                # Nobody else may write to it before it is complete.
                while (-not $closed) {
                    $time.Elapsed.TotalSeconds | Should -BeLessThan 30
                    try { $closed = [IO.File]::Open($part, 'Open', 'Write', 'ReadWrite') } catch { $null = $_ }
                }
                $closed.Dispose()
                $scanner.Dispose()
                $shell.EndInvoke($run).Status | Should -Be 'Succeeded'
                $shell.Streams.Error | Should -BeNullOrEmpty
            }
            finally {
                foreach ($one in $closed, $scanner, $shell) { if ($one) { $one.Dispose() } }
            }
            Get-ChildItem -Force | ForEach-Object Name | Should -Be 'scanned.bin'
        }

        It 'takes a colon in a name for no stream of another file' {
            Skip-Test -If ($env:OS -ne 'Windows_NT') -Because 'Unix has colons in names'
            (Get-ExpectedError { Receive-FtpItem "$at/a.csv" (Join-Path $target 'a:b') }).FullyQualifiedErrorId | Should -BeIn @('FtpInvalidName', 'FtpLocalFileError').ForEach({ "$_,FtpTools.Commands.ReceiveFtpItemCommand" })
            Get-ChildItem -Force | Should -BeNullOrEmpty
        }

        It 'leaves a hidden file hidden that it replaces, and when it was made' {
            Skip-Test -If ($env:OS -ne 'Windows_NT') -Because 'Unix has neither locks that a rename heeds nor attributes and streams of files'
            Set-Content a.csv former
            (Get-Item a.csv).Attributes = 'Hidden'
            (Receive-FtpItem "$at/a.csv").Status | Should -Be 'Succeeded'
            (Get-Item a.csv -Force).Attributes -band [IO.FileAttributes]::Hidden | Should -Be Hidden
            Get-Content a.csv | Should -BeExactly 'one'
        }

        It 'keeps the access list and the alternate streams of a file that it replaces' -Tag NotOnWine {
            Skip-Test -If ($env:OS -ne 'Windows_NT') -Because 'Unix has neither locks that a rename heeds nor attributes and streams of files'
            Set-Content a.csv former
            Set-Content a.csv -Stream note 'kept'
            $list = Get-Acl a.csv
            $list.AddAccessRule([Security.AccessControl.FileSystemAccessRule]::new([Security.Principal.SecurityIdentifier] 'S-1-5-19', 'Read', 'Allow'))
            Set-Acl a.csv $list
            (Receive-FtpItem "$at/a.csv").Status | Should -Be 'Succeeded'
            Get-Content a.csv -Stream note | Should -BeExactly 'kept'
            (Get-Acl a.csv).Sddl | Should -BeLike '*LS*'
        }

        It 'gives files and directories the names that -NameMap says, in trees too' {
            (Receive-FtpItem "$at/*.csv" -NameMap { "x-$($_.Name)" }).Destination | Sort-Object | Should -Be @((Join-Path $target 'x-a.csv'), (Join-Path $target 'x-b.csv'))
            $result = Receive-FtpItem "$at/tree" -Recurse -NameMap { if ($_.PSIsContainer) { $_.Name.ToUpper() } elseif ($_.Name -eq 'd.csv') { '5.csv' } }
            $result.Status | Should -Be @('Succeeded', 'Succeeded')
            Get-Content TREE/5.csv | Should -BeExactly 'five'
            Get-ChildItem TREE -Recurse -File -Force | ForEach-Object Name | Sort-Object | Should -Be @('.hidden', '5.csv')
            # The script may use the session itself, with one connection.
            (Receive-FtpItem "$at/tree" again -Recurse -NameMap { if (Test-FtpPath $_.FullName) { "there-$($_.Name)" } }).Status | Should -Be @('Succeeded', 'Succeeded')
            Test-Path again/there-d.csv | Should -BeTrue
        }

        It 'makes an error of a name that cannot be, and of a script block that fails, and goes on' {
            $result = Receive-FtpItem "$at/*.csv", "$at/c.txt" -ErrorVariable failures -ErrorAction SilentlyContinue -NameMap {
                switch ($_.Name) { 'a.csv' { '../out' } 'b.csv' { throw 'No idea' } 'c.txt' { 'good.txt' } }
            }
            ($result | Where-Object Status -EQ 'Succeeded').Destination | Should -Be (Join-Path $target 'good.txt')
            ($result | Where-Object Status -EQ 'Failed').Source | Sort-Object | Should -Be "$at/a.csv", "$at/b.csv"
            $failures.FullyQualifiedErrorId | Should -Be @('FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand', 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand')
            "$failures" | Should -BeLike '*No idea*'
            $two = Get-ExpectedError { Receive-FtpItem "$at/a.csv" -NameMap { 'one', 'two' } }
            $two.FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
            Get-ChildItem -Force | ForEach-Object Name | Should -Be 'good.txt'
        }

        It 'does not receive two files under one name' {
            $result = Get-FtpItem "$at/a.csv", "$at/tree/d.csv" | Receive-FtpItem -NameMap { 'same.csv' } -ThrottleLimit 1 -ErrorVariable failures -ErrorAction SilentlyContinue
            $result.Status | Should -Be @('Succeeded', 'Failed')
            $failures.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand'
            Get-Content same.csv | Should -BeExactly 'one'
        }

        It 'takes a time to try for, and no number' {
            (Receive-FtpItem "$at/a.csv" one -RetryFor 02:00:00).Status | Should -Be 'Succeeded'
            (Receive-FtpItem "$at/a.csv" two -RetryFor ([timespan]::FromHours(2))).Status | Should -Be 'Succeeded'
            (Receive-FtpItem "$at/a.csv" three -RetryFor 60).Status | Should -Be 'Succeeded'
            (Receive-FtpItem "$at/a.csv" four -RetryFor 30m).Status | Should -Be 'Succeeded'
            { Receive-FtpItem "$at/a.csv" five -RetryFor soon } | Should -Throw "*'soon' isn't a valid length of time*"
            { Receive-FtpItem "$at/a.csv" five -RetryFor '-01:00' } | Should -Throw "*isn't a valid length of time*"
        }

        It 'does not try again what the server refuses for good' {
            $item = Get-FtpItem "$at/c.txt"
            Rename-Item (Join-Path $folder.Local 'c.txt') gone.txt
            try {
                $result = $item | Receive-FtpItem -ErrorAction SilentlyContinue
                $result.Status | Should -Be 'Failed'
                $result.Attempts | Should -Be 1
                $result.ErrorId | Should -Be 'FtpPathNotFound'
            }
            finally { Rename-Item (Join-Path $folder.Local 'gone.txt') c.txt }
        }

        It 'compares hashes with -Verify Hash, sizes by default, and nothing with None' {
            (Receive-FtpItem "$at/a.csv" -Verify None).Verification | Should -Be 'None'
            if ($Name -eq 'proftpd') {
                (Receive-FtpItem "$at/a.csv" -Verify Hash).Verification | Should -Be 'Hash'
                return
            }
            $result = Receive-FtpItem "$at/a.csv" hashed -Verify Hash -ErrorAction SilentlyContinue -ErrorVariable failures
            $result.Status | Should -Be 'Failed'
            $failures.FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.ReceiveFtpItemCommand'
            $failures.Exception.Message | Should -BeLike '*-Verify Size*'
            Test-Path hashed | Should -BeFalse
        }

        It 'refuses -Resume in the type Ascii' {
            (Get-ExpectedError { Receive-FtpItem "$at/a.csv" -Resume -TransferType Ascii }).FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.ReceiveFtpItemCommand'
            (Receive-FtpItem "$at/a.csv" -Resume).Resumed | Should -BeFalse
        }

        It 'refuses -Verify Hash in the type Ascii, and receives nothing' {
            $failure = Get-ExpectedError { Receive-FtpItem "$at/a.csv" refused -Verify Hash -TransferType Ascii }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.ReceiveFtpItemCommand'
            $failure.Exception.Message | Should -BeLike '*-Verify Hash compares*'
            Test-Path refused | Should -BeFalse
        }

        It 'holds all files together to -RateLimit' {
            $rated = New-TestFolder $ftp
            $null = foreach ($i in 1..4) { New-TestData (Join-Path $rated.Local "$i.bin") 500KB }
            Grant-TestFolder $ftp
            $wide = Connect-TestServer $ftp
            try {
                $watch = [Diagnostics.Stopwatch]::StartNew()
                (Receive-FtpItem "$($rated.Remote)/*.bin" -RateLimit 1MB -Session $wide).Status | Should -Be @(, 'Succeeded' * 4)
                $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 1.5
                $watch.Elapsed.TotalSeconds | Should -BeLessThan 6
            }
            finally { Disconnect-Ftp $wide }
        }

        It 'receives a large file whole with -Segment, over no more connections than there may be' {
            $large = New-TestFolder $ftp
            $null = New-TestData (Join-Path $large.Local 'large.bin') 40MB
            Grant-TestFolder $ftp
            $wide = Connect-TestServer $ftp @{ MaxConnection = 3 }
            try {
                $lines = Receive-FtpItem "$($large.Remote)/large.bin" -Segment 8 -Session $wide -Verbose 4>&1
                $result = $lines | Where-Object { $_ -is [FtpTools.FtpTransferResult] }
                $result.Status, $result.Length, $result.Verification, $result.Attempts, $result.Resumed | Should -Be 'Succeeded', 40MB, 'Size', 1, $false
                "$lines" | Should -BeLike '*in 8 segments*'
                (Get-FileHash large.bin).Hash | Should -Be (Get-FileHash (Join-Path $large.Local 'large.bin')).Hash
                Get-ChildItem -Force | ForEach-Object Name | Should -Be 'large.bin'
                $wide.ConnectionCount | Should -BeLessOrEqual 3
                (Receive-FtpItem "$at/a.csv" -Segment 8 -Session $wide).Length | Should -Be 3
            }
            finally { Disconnect-Ftp $wide }
        }

        It 'refuses -Segment in the type Ascii, and numbers that are none of segments' {
            (Get-ExpectedError { Receive-FtpItem "$at/a.csv" -Segment 2 -TransferType Ascii }).FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.ReceiveFtpItemCommand'
            { Receive-FtpItem "$at/a.csv" -Segment 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,FtpTools.Commands.ReceiveFtpItemCommand'
            { Receive-FtpItem "$at/a.csv" -Segment 33 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,FtpTools.Commands.ReceiveFtpItemCommand'
        }

        It 'gives results in order with -ThrottleLimit 1' {
            $ordered = New-TestFolder $ftp
            $null = foreach ($i in 1..30) { New-TestFile (Join-Path $ordered.Local ('{0:00}.txt' -f $i)) ('x' * (Get-Random -Maximum 9999)) }
            Grant-TestFolder $ftp
            $wide = Connect-TestServer $ftp
            try {
                $items = @(Get-FtpChildItem $ordered.Remote -Session $wide)
                ($items | Receive-FtpItem -ThrottleLimit 1).Source | Should -Be $items.FullName
            }
            finally { Disconnect-Ftp $wide }
        }

        It 'goes on behind a file that is missing in the middle of the pipeline' {
            $results = "$at/a.csv", "$at/none.csv", "$at/b.csv", "$at/c.txt" | Receive-FtpItem -ErrorAction SilentlyContinue -ErrorVariable failures
            $results.Source | Sort-Object | Should -Be @("$at/a.csv", "$at/b.csv", "$at/c.txt")
            $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
            $failures | Should -HaveCount 1
            $failures.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.ReceiveFtpItemCommand'
        }

        It 'has an error and no result for a path that is not there, and $? is false' {
            $(Receive-FtpItem "$at/none.csv" -ErrorAction SilentlyContinue; $?) | Should -BeFalse
            $summary = Receive-FtpItem "$at/none.csv" -ErrorAction SilentlyContinue | Measure-FtpTransfer
            $summary.ExitCode | Should -Be 2
            $summary.Error | Should -BeLike "*none.csv*"
            (Receive-FtpItem "$at/none.csv", "$at/a.csv" -ErrorAction SilentlyContinue | Measure-FtpTransfer).ExitCode | Should -Be 1
        }

        It 'receives nothing with -WhatIf, and says from where and to where' {
            Start-Transcript (Join-Path $TestDrive 'whatif.txt') | Out-Null
            try { Receive-FtpItem "$at/a.csv", "$at/tree" -Recurse -WhatIf | Should -BeNullOrEmpty }
            finally { Stop-Transcript | Out-Null }
            $said = Get-Content (Join-Path $TestDrive 'whatif.txt') -Raw
            $said | Should -BeLike "*Item: $at/a.csv Destination: $(Join-Path $target 'a.csv')*"
            $said | Should -BeLike "*Item: $at/tree Destination: $(Join-Path $target 'tree')*"
            Get-ChildItem | Should -BeNullOrEmpty
        }
    }
}
