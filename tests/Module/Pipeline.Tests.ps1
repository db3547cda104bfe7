<#
What all cmdlets owe to the pipeline they run in: to be stopped at any moment, to let others run in between, and to
leave the session in order whatever happens.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "The pipeline, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $many = (New-Item (Join-Path $folder.Local 'many') -ItemType Directory).FullName
            foreach ($i in 1..2000) { [IO.File]::WriteAllText((Join-Path $many ('file{0:0000}.txt' -f $i)), "$i") }
            $some = (New-Item (Join-Path $folder.Local 'some') -ItemType Directory).FullName
            foreach ($i in 1..400) { [IO.File]::WriteAllText((Join-Path $some "$i.txt"), "$i") }
            # 200 in subdirectories, of all sizes.
            $pieces = (New-Item (Join-Path $folder.Local 'pieces') -ItemType Directory).FullName
            foreach ($i in 1..200) { $null = New-TestData (Join-Path $pieces "$($i % 7)/piece$i.bin") ($i * 97) }
            # Long enough to be stopped in the middle of; it has no bytes on disk, and none of the copies is ever whole.
            $big = Join-Path $folder.Local 'big.bin'
            $stream = [IO.File]::Create($big)
            try { $stream.SetLength(8GB) } finally { $stream.Dispose() }
            Grant-TestFolder $ftp
            $session = Connect-TestServer $ftp @{ MaxConnection = 1 }

            # The files below a folder that are not in another one under their names, byte for byte.
            function Compare-Content([string] $Source, [string] $Copy) {
                Get-ChildItem $Source -Recurse -File | Where-Object {
                    $other = Join-Path $Copy $_.Name
                    -not (Test-Path $other) -or (Get-FileHash $_.FullName).Hash -ne (Get-FileHash $other).Hash
                }
            }

            # Makes ready to run a script with the module in a runspace of its own. In one statement: PowerShell can come
            # down when it is disposed of after a stop between several.
            function New-Shell([scriptblock] $Script, [object[]] $Arguments) {
                $shell = [PowerShell]::Create().AddScript("Import-Module '$manifest'; & { $Script } @args")
                foreach ($argument in $Arguments) { $null = $shell.AddArgument($argument) }
                $shell
            }

            # Runs a script in a runspace of its own; -Until waits for a stream's first record, and then stops it.
            function Invoke-Apart([scriptblock] $Script, [object[]] $Arguments, [string] $Until) {
                $shell = New-Shell $Script $Arguments
                try {
                    $null = Register-ObjectEvent $shell.Streams.$Until DataAdded -SourceIdentifier apart
                    $running = $shell.BeginInvoke()
                    $seen = Wait-Event apart -Timeout 20
                    $time = [Diagnostics.Stopwatch]::StartNew()
                    $shell.Stop()
                    [pscustomobject]@{
                        Seen         = $null -ne $seen
                        State        = $shell.InvocationStateInfo.State
                        Milliseconds = $time.ElapsedMilliseconds
                        Ended        = $running.AsyncWaitHandle.WaitOne(20000)
                    }
                }
                finally {
                    Unregister-Event apart
                    Get-Event apart -ErrorAction Ignore | Remove-Event
                    $shell.Dispose()
                }
            }
        }

        AfterEach {
            # Whatever a test did, the session goes on.
            (Get-FtpItem "$at/many/file0001.txt" -Session $session).Length | Should -Be 1
        }

        AfterAll {
            Disconnect-Ftp -All
            Remove-Item $folder.Local -Recurse -Force
        }

        It 'can be ended early by Select-Object' {
            (Get-FtpChildItem "$at/many" | Select-Object -First 2).Name | Should -HaveCount 2
            Get-FtpItem "$at/many/*" | Select-Object -First 1 | Should -HaveCount 1
            Receive-FtpItem "$at/many/*" -Destination $TestDrive | Select-Object -First 1 | Should -HaveCount 1
        }

        It 'can be ended by an error further down' {
            { Get-FtpChildItem "$at/many" | ForEach-Object { throw 'enough' } } | Should -Throw 'enough'
            { Get-FtpChildItem "$at/none", "$at/many" -ErrorAction Stop } | Should -Throw '*none*'
        }

        It 'can be left by break' {
            foreach ($once in 1) { Get-FtpChildItem "$at/many" | ForEach-Object { break } }
        }

        It 'lets cmdlets work on what others still emit, on one connection' {
            $target = (New-Item (Join-Path $TestDrive 'nested') -ItemType Directory -Force).FullName
            $results = Get-FtpChildItem "$at/many" -Filter *77*.txt | Get-FtpItem | Receive-FtpItem -Destination $target | Where-Object Status -eq 'Succeeded'
            $results.Count | Should -Be (Get-ChildItem $many -Filter *77*.txt).Count
            Get-ChildItem $target | Should -HaveCount $results.Count
            $session.ConnectionCount | Should -Be 1
        }

        It 'lets commands further down wait for asynchronous work of their own' {
            # With a context of ours, what they wait for would continue on the very thread that waits.
            $contexts = Get-FtpChildItem "$at/many" -Filter file000*.txt |
                ForEach-Object { "$([Threading.SynchronizationContext]::Current)"; $_ } |
                ForEach-Object { if ($_ -is [string]) { $_ } else { $_ | Receive-FtpItem -Destination $TestDrive } } |
                ForEach-Object { if ($_ -is [string]) { $_ } else { "$([Threading.SynchronizationContext]::Current)" } }
            $contexts | Should -HaveCount 18
            $contexts | Select-Object -Unique | Should -Be "$([Threading.SynchronizationContext]::Current)"
        }

        It 'emits the first object of a listing while the rest still arrives, which leaves the wire to others' -Tag NotOnWine {
            $huge = (New-Item (Join-Path $folder.Local 'huge') -ItemType Directory).FullName
            foreach ($i in 1..20000) { [IO.File]::Create((Join-Path $huge "a name long enough for a listing of some size $i.txt")).Dispose() }
            Grant-TestFolder $ftp
            $wide = Connect-TestServer $ftp @{ MaxConnection = 2 }
            # The one connection is still at the listing when the first object is here, so that this takes a second one.
            $first, $count = Get-FtpChildItem "$at/huge" -Session $wide | Select-Object -First 1 | ForEach-Object { $_ | Get-FtpItem; $wide.ConnectionCount }
            $first.DirectoryName | Should -Be "$at/huge"
            $count | Should -Be 2
            @(Get-FtpChildItem "$at/huge" -Session $wide) | Should -HaveCount 20000
            Disconnect-Ftp $wide
        }

        It 'is stopped within a second in the middle of an upload' {
            $stopped = Invoke-Apart { param($session, $file, $at) Send-FtpItem $file "$at/up.bin" -Session $session } $session, $big, $at -Until Progress
            $stopped.Seen | Should -BeTrue
            $stopped.State | Should -Be 'Stopped'
            $stopped.Ended | Should -BeTrue
            $stopped.Milliseconds | Should -BeLessThan 1000
            Test-FtpPath "$at/up.bin" -Session $session | Should -BeFalse
        }

        It 'is stopped within a second in the middle of a download, and leaves no more than a part of it' {
            $target = (New-Item (Join-Path $TestDrive 'stopped') -ItemType Directory -Force).FullName
            $stopped = Invoke-Apart { param($session, $at, $target) Receive-FtpItem "$at/big.bin" $target -Session $session } $session, $at, $target -Until Progress
            $stopped.Seen | Should -BeTrue
            $stopped.State | Should -Be 'Stopped'
            $stopped.Ended | Should -BeTrue
            $stopped.Milliseconds | Should -BeLessThan 1000
            Get-ChildItem $target -Force | Where-Object Name -notlike '.ftptools-*.part' | Should -BeNullOrEmpty
            Remove-Item $target -Recurse -Force
        }

        It 'goes on with -Resume where an upload was stopped' {
            # Slow enough to be stopped in the middle of, and fast enough to have a part worth keeping by then.
            $file = New-TestData (Join-Path $TestDrive 'resumed.bin') 24MB
            $to = New-TestFolder $ftp
            $stopped = Invoke-Apart { param($session, $file, $to) Send-FtpItem $file $to -Session $session -RateLimit 16MB } $session, $file, $to.Remote -Until Progress
            $stopped.State | Should -Be 'Stopped'
            $stopped.Milliseconds | Should -BeLessThan 1000
            @(Get-ChildItem $to.Local -Force).Name | Should -BeLike '.ftptools-*.part'
            $result = Send-FtpItem $file $to.Remote -Session $session -Resume
            $result.Status | Should -Be 'Succeeded'
            $result.Resumed | Should -BeTrue
            (Get-FileHash (Join-Path $to.Local 'resumed.bin')).Hash | Should -Be (Get-FileHash $file).Hash
            @(Get-ChildItem $to.Local -Force).Name | Should -Be 'resumed.bin'
        }

        It 'goes on with -Resume where a download was stopped, unless the file has changed since' {
            $from = New-TestFolder $ftp
            $file = New-TestData (Join-Path $from.Local 'resumed.bin') 24MB
            Grant-TestFolder $ftp
            $target = (New-Item (Join-Path $TestDrive 'resumed') -ItemType Directory -Force).FullName
            $receive = { param($session, $at, $target) Receive-FtpItem "$at/resumed.bin" $target -Session $session -RateLimit 16MB }
            (Invoke-Apart $receive $session, $from.Remote, $target -Until Progress).State | Should -Be 'Stopped'
            @(Get-ChildItem $target -Force).Name | Should -BeLike '.ftptools-*.part'
            $result = Receive-FtpItem "$($from.Remote)/resumed.bin" $target -Session $session -Resume
            $result.Resumed | Should -BeTrue
            (Get-FileHash (Join-Path $target 'resumed.bin')).Hash | Should -Be (Get-FileHash $file).Hash
            @(Get-ChildItem $target -Force).Name | Should -Be 'resumed.bin'

            (Invoke-Apart $receive $session, $from.Remote, $target -Until Progress).State | Should -Be 'Stopped'
            @(Get-ChildItem $target -Force) | Should -HaveCount 2
            $null = New-TestData $file 24MB
            [IO.File]::SetLastWriteTimeUtc($file, [datetime]::UtcNow.AddDays(-3))
            $result = Receive-FtpItem "$($from.Remote)/resumed.bin" $target -Session $session -Resume
            $result.Resumed | Should -BeFalse
            (Get-FileHash (Join-Path $target 'resumed.bin')).Hash | Should -Be (Get-FileHash $file).Hash
        }

        It 'sends 200 files while they are still found, over <_> connections' -ForEach 1, 4 {
            $to = New-TestFolder $ftp
            $wide = Connect-TestServer $ftp @{ MaxConnection = $_ }
            $results = @(Get-ChildItem $pieces -Recurse -File | Send-FtpItem -Destination $to.Remote -Session $wide)
            $results | Should -HaveCount 200
            ($results | Where-Object Status -ne 'Succeeded') | Should -BeNullOrEmpty
            ($results.Destination | Sort-Object -Unique) | Should -HaveCount 200
            $wide.ConnectionCount | Should -BeLessOrEqual $_
            Compare-Content $pieces $to.Local | Should -BeNullOrEmpty
            Disconnect-Ftp $wide
        }

        It 'receives 200 files while they are still listed, over <_> connections' -ForEach 1, 4 {
            $target = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory).FullName
            $wide = Connect-TestServer $ftp @{ MaxConnection = $_ }
            $results = @(Get-FtpChildItem "$at/pieces" -Recurse -File -Session $wide | Receive-FtpItem -Destination $target)
            $results | Should -HaveCount 200
            ($results | Where-Object Status -ne 'Succeeded') | Should -BeNullOrEmpty
            ($results.Source | Sort-Object -Unique) | Should -HaveCount 200
            $wide.ConnectionCount | Should -BeLessOrEqual $_
            Compare-Content $pieces $target | Should -BeNullOrEmpty
            Disconnect-Ftp $wide
        }

        It 'ends what is under way when Select-Object has enough, and goes on with nothing behind the prompt' {
            $to = New-TestFolder $ftp
            $wide = Connect-TestServer $ftp @{ MaxConnection = 4 }
            # All of them take 19 seconds at this rate.
            $time = [Diagnostics.Stopwatch]::StartNew()
            Get-ChildItem $pieces -Recurse -File | Send-FtpItem -Destination $to.Remote -Session $wide -RateLimit 100KB | Select-Object -First 1 | Should -HaveCount 1
            $time.Elapsed.TotalSeconds | Should -BeLessThan 15
            $count = @(Get-ChildItem $to.Local -Force).Count
            # What still went on would come before the end of this, for it waits for a connection too.
            Get-FtpChildItem "$at/pieces" -Recurse -Session $wide | Should -Not -BeNullOrEmpty
            @(Get-ChildItem $to.Local -Force) | Should -HaveCount $count
            Get-ChildItem $to.Local -Force -Filter .ftptools-* | Should -BeNullOrEmpty

            $target = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory).FullName
            $time.Restart()
            Get-FtpChildItem "$at/pieces" -Recurse -File -Session $wide | Receive-FtpItem -Destination $target -RateLimit 100KB | Select-Object -First 1 | Should -HaveCount 1
            $time.Elapsed.TotalSeconds | Should -BeLessThan 15
            $count = @(Get-ChildItem $target -Force).Count
            # What still went on would come before the end of this, for it waits for a connection too.
            Get-FtpChildItem "$at/pieces" -Recurse -Session $wide | Should -Not -BeNullOrEmpty
            @(Get-ChildItem $target -Force) | Should -HaveCount $count
            Get-ChildItem $target -Force -Filter .ftptools-* | Should -BeNullOrEmpty
            $wide.State | Should -Be 'Opened'
            (Get-FtpItem "$at/many/file0001.txt" -Session $wide).Length | Should -Be 1
            Disconnect-Ftp $wide
        }

        It 'is in step with the server when Select-Object had enough of small files, over <_> connections' -ForEach 1, 4 {
            $to = New-TestFolder $ftp
            $new = Join-Path $to.Local 'new'
            $target = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory).FullName
            $file = New-TestFile (Join-Path $TestDrive 'step.txt') 'step'
            $wide = Connect-TestServer $ftp @{ MaxConnection = $_ }
            foreach ($round in 1..5) {
                Receive-FtpItem "$at/some/*" -Destination $target -Force -Session $wide | Select-Object -First 3 | Should -HaveCount 3
                $null = New-FtpItem "$($to.Remote)/new" -ItemType Directory -Session $wide
                $new | Should -Exist
                (Send-FtpItem $file -Destination "$($to.Remote)/new/" -Session $wide).Status | Should -Be 'Succeeded'
                @(Get-ChildItem $new -Force).Name | Should -Be 'step.txt'
                Test-FtpPath "$($to.Remote)/new/step.txt", "$($to.Remote)/new/none.txt" -Session $wide | Should -Be $true, $false
                Remove-FtpItem "$($to.Remote)/new" -Recurse -Session $wide -Confirm:$false
                $new | Should -Not -Exist
            }
            Disconnect-Ftp $wide
        }

        It 'shows the progress of all files and of each longer one, never over 100 percent' {
            $long = (New-Item (Join-Path $TestDrive 'long') -ItemType Directory -Force).FullName
            $null = foreach ($i in 1..6) { New-TestData (Join-Path $long "$i.bin") 2MB }
            $to = New-TestFolder $ftp
            $wide = Connect-TestServer $ftp @{ MaxConnection = 4 }
            $shell = New-Shell { param($session, $long, $to) Get-ChildItem $long | Send-FtpItem -Destination $to -Session $session -RateLimit 6MB } $wide, $long, $to.Remote
            try {
                $shell.Invoke() | Should -HaveCount 6
                $records = @($shell.Streams.Progress)
                $records | Where-Object PercentComplete -gt 100 | Should -BeNullOrEmpty
                $total = @($records | Where-Object { $_.ActivityId -eq 0 -and $_.RecordType -eq 'Processing' })
                $total[0].StatusDescription | Should -Match '^\d+ of 6 files, .+ of 12 MB, .+/s$'
                ($total.PercentComplete | Sort-Object) | Should -Be $total.PercentComplete
                $each = @($records | Where-Object ActivityId -ne 0)
                $each | Should -Not -BeNullOrEmpty
                $each.ParentActivityId | Select-Object -Unique | Should -Be 0
                # Whatever was opened is closed.
                foreach ($bar in $each | Group-Object ActivityId) { $bar.Group[-1].RecordType | Should -Be 'Completed' }
                $records[-1].ActivityId | Should -Be 0
                $records[-1].RecordType | Should -Be 'Completed'
            }
            finally {
                $shell.Dispose()
                Disconnect-Ftp $wide
            }
        }

        It 'is stopped while it waits for a connection' {
            $holder = New-Shell { param($session, $at, $target) Receive-FtpItem "$at/big.bin" $target -Session $session } $session, $at, (Join-Path $TestDrive 'held.bin')
            try {
                $null = Register-ObjectEvent $holder.Streams.Progress DataAdded -SourceIdentifier holder
                $null = $holder.BeginInvoke()
                Wait-Event holder -Timeout 20 | Should -Not -BeNullOrEmpty
                $stopped = Invoke-Apart { param($session, $at) Write-Information 'about to wait'; Get-FtpItem "$at/many" -Session $session } $session, $at -Until Information
                $stopped.Seen | Should -BeTrue
                $stopped.State | Should -Be 'Stopped'
                $stopped.Milliseconds | Should -BeLessThan 1000
            }
            finally {
                $holder.Stop()
                Unregister-Event holder
                Get-Event holder -ErrorAction Ignore | Remove-Event
                $holder.Dispose()
            }
        }

        It 'shows progress: five times a second at the most, never over 100 percent, and completed' {
            $file = Join-Path $folder.Local 'half.bin'
            $stream = [IO.File]::Create($file)
            try { $stream.SetLength(1GB) } finally { $stream.Dispose() }
            $shell = New-Shell { param($session, $file, $at) Send-FtpItem $file "$at/copy.bin" -Session $session } $session, $file, $at
            try {
                $result = $shell.Invoke()[0]
                $result.Status | Should -Be 'Succeeded'
                $records = @($shell.Streams.Progress)
                $records.Count | Should -BeGreaterThan 1
                $records.Count | Should -BeLessOrEqual ($result.Elapsed.TotalSeconds * 5 + 2)
                $records[-1].RecordType | Should -Be 'Completed'
                $percents = $records[0..($records.Count - 2)].PercentComplete
                $percents | Where-Object { $_ -lt 0 -or $_ -gt 100 } | Should -BeNullOrEmpty
                ($percents | Sort-Object) | Should -Be $percents
                $records[0].StatusDescription | Should -BeLike '* of 1*B*: half.bin'
                $records[0].CurrentOperation | Should -Be "$file -> $at/copy.bin"
            }
            finally {
                $shell.Dispose()
                Remove-Item $file, (Join-Path $folder.Local 'copy.bin') -ErrorAction Ignore
            }
        }

        It 'shows how far a long listing is, and that a hash is waited for, after a second' {
            $slow = Start-TestServer embedded ('--synthetic', '60000', '--throttle', '2000000')
            $long = Connect-TestServer $slow
            $shell = New-Shell { param($session) (Get-FtpChildItem /many -Session $session).Count } $long
            try {
                $shell.Invoke() | Should -Be 60000
                $records = @($shell.Streams.Progress)
                $records[0].StatusDescription | Should -Match '^\d+ items: /many$'
                $records[-1].RecordType | Should -Be 'Completed'
            }
            finally { $shell.Dispose() }
            # Its name is wide: two columns a character, of which the bar has 120 in all.
            $wide = ([string] [char]0x65E5) * 80 + '.bin'
            $path = New-TestData (Join-Path $slow.Root $wide) 3000000
            $shell = New-Shell { param($session, $name) Get-FtpFileHash -LiteralPath "/$name" -Local -Session $session } $long, $wide
            try {
                $shell.Invoke()[0].Hash | Should -Be (Get-FileHash -LiteralPath $path).Hash
                $status = @($shell.Streams.Progress)[0].StatusDescription
                $status | Should -Match '^\d.*B/s: '
                $columns = 0
                foreach ($char in $status.ToCharArray()) { $columns += if ($char -eq [char]0x65E5) { 2 } elseif ($char -eq [char]0x200B) { 0 } else { 1 } }
                $columns | Should -Be $status.Length
                $columns | Should -BeLessThan 120
                $status | Should -BeLike "*$([char]0x2026)*"
            }
            finally {
                $shell.Dispose()
                Disconnect-Ftp $long
            }
        }

        It 'shows no progress when nobody wants to see it' {
            $shell = New-Shell {
                param($session, $at, $target)
                $ProgressPreference = 'SilentlyContinue'
                Receive-FtpItem "$at/some" $target -Recurse -Session $session
            } $session, $at, (Join-Path $TestDrive 'quiet')
            try {
                $shell.Invoke() | Should -HaveCount 400
                $shell.Streams.Progress | Should -BeNullOrEmpty
            }
            finally { $shell.Dispose() }
        }

        It 'counts the files of a directory on the way' {
            $shell = New-Shell { param($session, $at, $target) Receive-FtpItem "$at/some" $target -Recurse -Session $session } $session, $at, (Join-Path $TestDrive 'counted')
            try {
                $shell.Invoke() | Should -HaveCount 400
                $shell.Streams.Progress[0].StatusDescription | Should -Match '^\d+ of \d+ files, .+ of .+, .+/s$'
                $shell.Streams.Progress[-1].RecordType | Should -Be 'Completed'
            }
            finally { $shell.Dispose() }
        }

        It 'traces each cmdlet on its own streams' {
            $lines = & { Get-FtpChildItem "$at/many" -Filter *1999* -Verbose | Test-FtpPath } 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            @($lines) -match '--> (LIST|MLSD)' | Should -HaveCount 1
            @($lines) -match '--> MLST .*1999' | Should -BeNullOrEmpty # which Test-FtpPath asks
            $lines = & { Get-FtpChildItem "$at/many" -Filter *1999* | Test-FtpPath -Verbose } 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            @($lines) -match '--> (LIST|MLST .*1999)' | Should -HaveCount 1
            @($lines) -match '--> MLSD' | Should -BeNullOrEmpty
        }

        It 'lets several runspaces use one session' {
            Skip-Test -If ($PSEdition -eq 'Desktop') -Because 'Windows PowerShell has no ForEach-Object -Parallel'
            $shared = Connect-TestServer $ftp @{ MaxConnection = 4 }
            $names = 1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
                Import-Module $using:manifest
                "$(@(Get-FtpSession).Count) $((Get-FtpItem "$using:at/many/file000$_.txt" -Session $using:shared).Name)"
            }
            $names | Sort-Object | Should -Be (1..8 | ForEach-Object { "0 file000$_.txt" })
            $shared.ConnectionCount | Should -BeIn 1, 2, 3, 4
            $shared.State | Should -Be 'Opened'
            Disconnect-Ftp $shared
        }
    }
}
