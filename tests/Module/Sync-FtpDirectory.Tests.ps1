# Comparing two directories and making them alike: Compare-FtpDirectory, Sync-FtpDirectory, Split-FtpSyncAction.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module $manifest

    # A file of a content, which has a time that no clock makes by itself.
    function Set-TestText([string] $Path, [string] $Text, [datetime] $Time = '2026-03-01T12:00:00Z') {
        $null = New-Item (Split-Path $Path) -ItemType Directory -Force
        [IO.File]::WriteAllText($Path, $Text)
        (Get-Item -LiteralPath $Path -Force).LastWriteTimeUtc = $Time.ToUniversalTime()
    }

    # What is in a folder, a line a file, directories with a slash; backups aside.
    function Get-TestTree([string] $Path) {
        Get-ChildItem -LiteralPath $Path -Recurse -Force | Where-Object FullName -notlike '*ftptools-backup*' | ForEach-Object {
            $name = $_.FullName.Substring($Path.Length).TrimStart('/', '\') -replace '\\', '/'
            if ($_.PSIsContainer) { "$name/" } else { "$name=$([IO.File]::ReadAllText($_.FullName))" }
        } | Sort-Object -CaseSensitive
    }

    function Get-Step($Plan) { @($Plan | Where-Object { $_ } | ForEach-Object { "$($_.Kind) $($_.RelativePath)" } | Sort-Object -CaseSensitive) }
}

Describe 'Sync-FtpDirectory, <Name>' -ForEach $servers {
    BeforeAll {
        if ($Skip) { return }
        $ftp = Start-TestServer $Name
        $session = Connect-TestServer $ftp @{ WarningAction = 'Ignore' }
    }

    AfterAll { if (-not $Skip) { $session | Disconnect-Ftp } }

    BeforeEach {
        Skip-Test -If ([bool]$Skip) -Because "$(if ($Skip) { $Reason } else { 'it runs' })"
        if ($Skip) { return }
        $folder = New-TestFolder $ftp
        $there = $folder.Local
        $at = $folder.Remote
        $here = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid().ToString('N'))) -ItemType Directory).FullName
        Set-TestText (Join-Path $here 'same.txt') 'same'
        Set-TestText (Join-Path $there 'same.txt') 'same'
        Set-TestText (Join-Path $here 'size.txt') 'longer here'
        Set-TestText (Join-Path $there 'size.txt') 'shorter'
        Set-TestText (Join-Path $here 'newer.txt') 'new' '2026-04-01T12:00:00Z'
        Set-TestText (Join-Path $there 'newer.txt') 'old'
        Set-TestText (Join-Path $here 'later.txt') 'one'
        Set-TestText (Join-Path $there 'later.txt') 'two' '2026-04-01T12:00:00Z'
        Set-TestText (Join-Path $here 'in/deep/[x].txt') 'deep'
        $null = New-Item (Join-Path $here 'empty') -ItemType Directory
        Set-TestText (Join-Path $there 'alone/a.txt') 'a'
        Set-TestText (Join-Path $there 'alone/b/b.txt') 'b'
        Grant-TestFolder $ftp
    }

    It 'tells what differs, and changes nothing' {
        $before = Get-TestTree $there
        Get-Step (Compare-FtpDirectory $here $at) | Should -BeExactly @(
            'MakeDirectory empty', 'MakeDirectory in', 'MakeDirectory in/deep', 'Upload in/deep/[x].txt', 'Upload newer.txt', 'Upload size.txt')
        Get-TestTree $there | Should -BeExactly $before
    }

    It 'makes the server like this side, and then finds nothing to do' {
        $results = Sync-FtpDirectory $here $at -Mirror -MaximumDelete 100% -ErrorAction Stop
        $results.Status | Sort-Object -Unique | Should -Be 'Succeeded'
        Get-TestTree $there | Should -BeExactly (Get-TestTree $here)
        Compare-FtpDirectory $here $at -Mirror | Should -BeNullOrEmpty
        ($results | Measure-FtpTransfer).ExitCode | Should -Be 0
    }

    It 'makes this side like the server' {
        Sync-FtpDirectory $here $at -Direction Download -Mirror -MaximumDelete 100% -ErrorAction Stop | Should -Not -BeNullOrEmpty
        Get-TestTree $here | Should -BeExactly (Get-TestTree $there)
        Compare-FtpDirectory $here $at -Direction Download -Mirror | Should -BeNullOrEmpty
    }

    It 'makes a missing directory on this side, <_>' -ForEach 'Download', 'Newer' {
        $with = if ($_ -eq 'Newer') { @{ Newer = $true; StatePath = Join-Path $TestDrive "$([Guid]::NewGuid()).jsonl" } } else { @{ Direction = $_ } }
        $missing = Join-Path $here 'not/yet'
        $results = Sync-FtpDirectory $missing $at @with -ErrorAction Stop
        $results.Status | Sort-Object -Unique | Should -Be 'Succeeded'
        Get-TestTree $missing | Should -BeExactly (Get-TestTree $there)
    }

    It 'makes no directory with -OnlyExisting' {
        Compare-FtpDirectory $here "$at/not/yet" -OnlyExisting | Should -BeNullOrEmpty
        Compare-FtpDirectory (Join-Path $here 'not/yet') $at -Direction Download -OnlyExisting | Should -BeNullOrEmpty
    }

    It 'goes both ways with -Newer, and deletes nothing' {
        $plan = Compare-FtpDirectory $here $at -Newer
        Get-Step ($plan | Where-Object Kind -ne MakeDirectory) | Should -BeExactly @(
            'Conflict size.txt', 'Download alone/a.txt', 'Download alone/b/b.txt', 'Download later.txt', 'Upload in/deep/[x].txt', 'Upload newer.txt')
        $results = $plan | Where-Object Kind -ne Conflict | Sync-FtpDirectory -ErrorAction Stop
        $results.Status | Sort-Object -Unique | Should -Be 'Succeeded'
        Compare-FtpDirectory $here $at -Newer | Where-Object Kind -ne Conflict | Should -BeNullOrEmpty
    }

    It 'remembers with -Newer what both sides were' {
        $with = @{ Newer = $true; StatePath = Join-Path $TestDrive "$([Guid]::NewGuid()).jsonl" }
        Compare-FtpDirectory $here $at @with | Out-Null
        $with.StatePath | Should -Not -Exist
        $first = Sync-FtpDirectory $here $at @with -ErrorAction SilentlyContinue
        @($first | Where-Object Status -ne Succeeded).Name | Should -Be 'size.txt'
        Get-Step (Compare-FtpDirectory $here $at @with) | Should -BeExactly 'Conflict size.txt'

        Set-TestText (Join-Path $here 'newer.txt') 'changed here' '2026-06-01T12:00:00Z'
        Set-TestText (Join-Path $there 'newer.txt') 'changed there too' '2026-07-01T12:00:00Z'
        # Older ones that were put back; another time of the same content is a change too.
        Set-TestText (Join-Path $here 'same.txt') 'back' '2025-01-01T12:00:00Z'
        Set-TestText (Join-Path $there 'later.txt') 'three' '2025-01-01T12:00:00Z'
        Set-TestText (Join-Path $there 'alone/a.txt') 'b' '2025-02-01T12:00:00Z'
        Grant-TestFolder $ftp
        # By their times alone they go where the newer one is not.
        Get-Step (Compare-FtpDirectory $here $at -Newer -StatePath "$($with.StatePath).other") | Should -BeExactly @(
            'Conflict size.txt', 'Download newer.txt', 'Download same.txt', 'Upload alone/a.txt', 'Upload later.txt')
        Get-Step (Compare-FtpDirectory $here $at @with) | Should -BeExactly @(
            'Conflict newer.txt', 'Conflict size.txt', 'Download alone/a.txt', 'Download later.txt', 'Upload same.txt')
        $null = Sync-FtpDirectory $here $at @with -ErrorAction SilentlyContinue
        [IO.File]::ReadAllText((Join-Path $there 'same.txt')) | Should -BeExactly 'back'
        [IO.File]::ReadAllText((Join-Path $here 'later.txt')) | Should -BeExactly 'three'
        [IO.File]::ReadAllText((Join-Path $here 'alone/a.txt')) | Should -BeExactly 'b'
        [IO.File]::ReadAllText((Join-Path $here 'newer.txt')) | Should -BeExactly 'changed here'
        [IO.File]::ReadAllText((Join-Path $there 'newer.txt')) | Should -BeExactly 'changed there too'

        # The one that is wrong goes, and the conflict with it.
        Remove-Item (Join-Path $here 'newer.txt'), (Join-Path $there 'size.txt')
        Sync-FtpDirectory $here $at @with -ErrorAction Stop | Should -Not -BeNullOrEmpty
        [IO.File]::ReadAllText((Join-Path $here 'newer.txt')) | Should -BeExactly 'changed there too'
        Compare-FtpDirectory $here $at @with | Should -BeNullOrEmpty
    }

    It 'keeps what is overwritten and deleted' {
        Sync-FtpDirectory $here $at -Mirror -MaximumDelete 100% -BackupPath old -ErrorAction Stop | Should -Not -BeNullOrEmpty
        $run = @(Get-ChildItem (Join-Path $there 'old'))
        $run.Count | Should -Be 1
        [IO.File]::ReadAllText((Join-Path $run[0].FullName 'size.txt')) | Should -BeExactly 'shorter'
        [IO.File]::ReadAllText((Join-Path $run[0].FullName 'alone/b/b.txt')) | Should -BeExactly 'b'
        Test-Path (Join-Path $there 'alone') | Should -BeFalse
        # A mirror that was told of no backup leaves it, too.
        Compare-FtpDirectory $here $at -Mirror | Where-Object { $_.IsRemoval } | Should -BeNullOrEmpty
    }

    It 'carries out a plan that was written to a file, but for what has changed since' {
        $plan = Compare-FtpDirectory $here $at -Mirror
        $plan | Export-Csv (Join-Path $TestDrive 'plan.csv')
        Set-TestText (Join-Path $here 'newer.txt') 'newest' '2026-05-01T12:00:00Z'
        Set-TestText (Join-Path $there 'alone/a.txt') 'changed' '2026-05-01T12:00:00Z'
        Grant-TestFolder $ftp
        $failures = @()
        $results = Import-Csv (Join-Path $TestDrive 'plan.csv') | Sync-FtpDirectory -MaximumDelete 100% -ErrorAction SilentlyContinue -ErrorVariable failures
        $outdated = $results | Where-Object ErrorId -eq FtpPlanOutdated
        # The directory of what has changed stays with it.
        @($outdated.Name | Sort-Object) | Should -Be 'a.txt', 'alone', 'newer.txt'
        [IO.File]::ReadAllText((Join-Path $there 'alone/a.txt')) | Should -BeExactly 'changed'
        [IO.File]::ReadAllText((Join-Path $there 'size.txt')) | Should -BeExactly 'longer here'
        Test-Path (Join-Path $there 'alone/b/b.txt') | Should -BeFalse
        # Once more: what is done is seen to be done.
        $again = Import-Csv (Join-Path $TestDrive 'plan.csv') | Sync-FtpDirectory -MaximumDelete 100% -ErrorAction SilentlyContinue
        $again | Where-Object { $_.Status -eq 'Succeeded' } | Should -BeNullOrEmpty
    }

    It 'deletes nothing in a link to a directory, as which the server may show it' {
        Skip-Test -If ($env:OS -eq 'Windows_NT') -Because 'Links need a right there that tests do not have.'
        $others = New-TestFolder $ftp
        Set-TestText (Join-Path $others.Local 'precious.txt') 'precious'
        $null = New-Item (Join-Path $there 'alone/link') -ItemType SymbolicLink -Value "../..$($others.Remote)"
        Grant-TestFolder $ftp
        $results = Sync-FtpDirectory $here $at -Mirror -MaximumDelete 100% -ErrorAction Stop -WarningAction SilentlyContinue
        [IO.File]::ReadAllText((Join-Path $others.Local 'precious.txt')) | Should -BeExactly 'precious'
        @($results | Where-Object Step -like Remove*).Name | Sort-Object | Should -Be 'a.txt', 'b', 'b.txt'
    }

    It 'succeeds with no file under another name than its own' {
        Skip-Test -If ($env:OS -eq 'Windows_NT') -Because 'Names have no blank at their end there.'
        Set-TestText (Join-Path $here 'blank ') 'b'
        $results = Sync-FtpDirectory $here $at -Mirror -MaximumDelete 100% -ErrorAction SilentlyContinue
        $result = $results | Where-Object Name -eq 'blank '
        # Pure-FTPd makes another name of it.
        if ($Name -eq 'pureftpd') { $result.ErrorId | Should -Be 'FtpInvalidName' }
        else { $result.Status | Should -Be 'Succeeded' }
        Join-Path $there 'blank ' | Test-Path | Should -Be ($result.Status -eq 'Succeeded')
    }

    It 'compares by <By>' -ForEach @{ By = 'Size' }, @{ By = 'Hash' }, @{ By = 'Presence' } {
        Skip-Test -If ($By -eq 'Hash' -and $Name -ne 'proftpd') -Because 'The server tells no hash of an algorithm that is asked for.'
        if ($By -eq 'Hash' -and $Name -ne 'proftpd') { return }
        Get-ChildItem -LiteralPath $here, $there | Remove-Item -Recurse
        Set-TestText (Join-Path $here 'content.txt') 'one'
        Set-TestText (Join-Path $there 'content.txt') 'two'
        Set-TestText (Join-Path $here 'time.txt') 'same' '2026-04-01Z'
        Set-TestText (Join-Path $there 'time.txt') 'same'
        Set-TestText (Join-Path $here 'size.txt') 'longer'
        Set-TestText (Join-Path $there 'size.txt') 'short'
        Grant-TestFolder $ftp
        $expected = switch ($By) {
            'Size' { , @('Upload size.txt') }
            'Hash' { , @('SetTime time.txt', 'Upload content.txt', 'Upload size.txt') }
            'Presence' { , @() }
        }
        Get-Step (Compare-FtpDirectory $here $at -By $By) | Should -BeExactly $expected
        $null = Sync-FtpDirectory $here $at -By $By -ErrorAction Stop
        Compare-FtpDirectory $here $at -By $By | Should -BeNullOrEmpty
    }
}

Describe 'Sync-FtpDirectory' {
    BeforeAll {
        $ftp = Start-TestServer embedded
        $session = Connect-TestServer $ftp @{ WarningAction = 'Ignore' }
    }

    AfterAll { $session | Disconnect-Ftp }

    BeforeEach {
        $folder = New-TestFolder $ftp
        $there = $folder.Local
        $at = $folder.Remote
        $here = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid().ToString('N'))) -ItemType Directory).FullName
        $null = $there, $at
    }

    It 'is the same plan after <_>' -ForEach 'CLIXML', 'CSV', 'JSON' {
        Set-TestText (Join-Path $here 'a.txt') 'a'
        Set-TestText (Join-Path $there 'b/c.txt') 'c'
        Set-TestText (Join-Path $here 'd.txt') 'here'
        Set-TestText (Join-Path $there 'd.txt') 'there'
        (Get-Item (Join-Path $here 'a.txt')).LastWriteTimeUtc = [datetime]::new(638000000012345678, 'Utc')
        $plan = @(Compare-FtpDirectory $here $at -Mirror)
        $file = Join-Path $TestDrive "plan.$_"
        $rows = switch ($_) {
            'CLIXML' { $plan | Export-Clixml $file; Import-Clixml $file }
            'CSV' { $plan | Export-Csv $file; Import-Csv $file }
            'JSON' { ConvertTo-Json $plan | Set-Content $file; Get-Content $file -Raw | ConvertFrom-Json | ForEach-Object { $_ } }
        }
        $after = @($rows | ForEach-Object { [FtpTools.FtpSyncAction]$_ })
        $plan.Count | Should -Be 4
        @($after | ForEach-Object { $_ | ConvertTo-Json -Compress }) | Should -BeExactly @($plan | ForEach-Object { $_ | ConvertTo-Json -Compress })
        @($after.Id) | Should -BeExactly @($plan.Id)
    }

    It 'is the same plan after CSV in the culture <_>' -Tag NotOnWine -ForEach 'de-DE', 'en-GB', 'en-US', 'fa-IR' {
        # The fourth of January to whoever takes the month first.
        Set-TestText (Join-Path $here 'a.txt') 'longer' '2026-04-01T12:00:00Z'
        Set-TestText (Join-Path $there 'a.txt') 'a' '2026-04-02T12:00:00Z'
        $file = Join-Path $TestDrive 'plan.csv'
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $_
            $plan = @(Compare-FtpDirectory $here $at)
            $plan | Export-Csv $file
            $rows = @(Import-Csv $file)
            @($rows | ForEach-Object { [FtpTools.FtpSyncAction]$_ | ConvertTo-Json -Compress }) | Should -BeExactly @($plan | ConvertTo-Json -Compress)
            # Without the numbers, too, as an older version wrote it.
            $back = [FtpTools.FtpSyncAction]($rows | Select-Object * -ExcludeProperty LocalTicks, RemoteTicks)
            $back.LocalTimeUtc | Should -Be ([datetime]'2026-04-01T12:00:00Z').ToUniversalTime()
            # Read somewhere else.
            [cultureinfo]::CurrentCulture = ''
            ([FtpTools.FtpSyncAction]$rows[0]).RemoteTimeUtc | Should -Be ([datetime]'2026-04-02T12:00:00Z').ToUniversalTime()
            [cultureinfo]::CurrentCulture = $_
            $results = @($rows | Sync-FtpDirectory -ErrorAction Stop)
            $results.Status | Should -Be 'Succeeded'
            $results | Export-Csv $file
            ([FtpTools.FtpTransferResult](Import-Csv $file)).StartTime.Date | Should -Be $results[0].StartTime.Date
        }
        finally { [cultureinfo]::CurrentCulture = $culture }
    }

    Context 'Deletions need proof' {
        BeforeEach {
            foreach ($i in 1..4) {
                Set-TestText (Join-Path $here "$i.txt") "$i"
                Set-TestText (Join-Path $there "$i.txt") "$i"
            }
        }

        It 'deletes half of the other side and no more, and all else is done' {
            Set-TestText (Join-Path $here 'new.txt') 'new'
            5..9 | ForEach-Object { Set-TestText (Join-Path $there "$_.txt") "$_" }
            $failures = @()
            $results = Sync-FtpDirectory $here $at -Mirror -ErrorAction SilentlyContinue -ErrorVariable failures
            @($failures.FullyQualifiedErrorId) | Should -Be 'FtpTooManyDeletes,FtpTools.Commands.SyncFtpDirectoryCommand'
            @($results | Where-Object Status -eq Succeeded).Name | Should -Be 'new.txt'
            @(Get-ChildItem $there).Count | Should -Be 10
            ($results | Measure-FtpTransfer -ErrorRecord $failures).ExitCode | Should -Be 1
            Sync-FtpDirectory $here $at -Mirror -MaximumDelete 4 -ErrorAction SilentlyContinue | Where-Object { $_.Step -eq 'RemoveFile' -and $_.Status -eq 'Succeeded' } | Should -BeNullOrEmpty
            @(Sync-FtpDirectory $here $at -Mirror -MaximumDelete 5 -ErrorAction Stop).Count | Should -Be 5
            @(Get-ChildItem $there).Count | Should -Be 5
        }

        It 'deletes nothing for an empty source' {
            Remove-Item (Join-Path $here '*')
            $failures = @()
            Compare-FtpDirectory $here $at -Mirror -ErrorAction SilentlyContinue -ErrorVariable failures | Should -BeNullOrEmpty
            @($failures.FullyQualifiedErrorId) | Should -Be 'FtpTooManyDeletes,FtpTools.Commands.CompareFtpDirectoryCommand'
            @(Compare-FtpDirectory $here $at -Mirror -AllowEmptySource).Count | Should -Be 4
        }

        It 'does nothing for a missing source' {
            { Sync-FtpDirectory (Join-Path $here 'none') $at -Mirror -AllowEmptySource } | Should -Throw -ErrorId 'FtpLocalFileError,FtpTools.Commands.SyncFtpDirectoryCommand'
            { Sync-FtpDirectory $here "$at/none" -Direction Download -Mirror -AllowEmptySource } | Should -Throw -ErrorId 'FtpPathNotFound,FtpTools.Commands.SyncFtpDirectoryCommand'
            @(Get-ChildItem $here).Count | Should -Be 4
        }

        It 'does nothing where a marker is missing' {
            Set-TestText (Join-Path $here '.marker') ''
            { Sync-FtpDirectory $here $at -Mirror -AccessMarker .marker } | Should -Throw -ErrorId 'FtpPathNotFound,FtpTools.Commands.SyncFtpDirectoryCommand'
            Set-TestText (Join-Path $there '.marker') ''
            Sync-FtpDirectory $here $at -Mirror -AccessMarker .marker | Should -BeNullOrEmpty
        }

        It 'deletes nothing after a step that failed' {
            Set-TestText (Join-Path $there 'gone.txt') 'gone'
            Set-TestText (Join-Path $here 'new.txt') 'new'
            $plan = Compare-FtpDirectory $here $at -Mirror
            # A directory has taken its name: the step finds another world, and that alone would not keep the others.
            $null = New-Item (Join-Path $there 'x') -ItemType Directory
            $plan = @($plan | ForEach-Object { if ($_.Name -eq 'new.txt' -or $_.RelativePath -eq 'new.txt') { $_ | Select-Object * | ForEach-Object { $_.RemotePath = "$at/1.txt/new.txt"; [FtpTools.FtpSyncAction]$_ } } else { $_ } })
            $failures = @()
            $results = $plan | Sync-FtpDirectory -ErrorAction SilentlyContinue -ErrorVariable failures
            Test-Path (Join-Path $there 'gone.txt') | Should -BeTrue
            @($failures.FullyQualifiedErrorId) -like 'FtpTooManyDeletes*' | Should -Not -BeNullOrEmpty
            @($results | Where-Object Status -eq Failed).Count | Should -Be 2
        }
    }

    It 'neither deletes nor replaces what is excluded' {
        Set-TestText (Join-Path $here 'a.txt') 'a'
        Set-TestText (Join-Path $here 'skip/new.txt') 'new'
        Set-TestText (Join-Path $there 'a.log') 'log'
        Set-TestText (Join-Path $there 'skip/kept.txt') 'kept'
        Set-TestText (Join-Path $there 'dir/b.log') 'log'
        Set-TestText (Join-Path $there 'dir/c.txt') 'c'
        $null = Sync-FtpDirectory $here $at -Mirror -Exclude *.log, skip -MaximumDelete 100% -ErrorAction Stop
        Get-TestTree $there | Should -BeExactly 'a.log=log', 'a.txt=a', 'dir/', 'dir/b.log=log', 'skip/', 'skip/kept.txt=kept'
        # With a slash at its end it is a pattern of directories alone.
        Set-TestText (Join-Path $here 'dir/c.txt') 'c'
        Get-Step (Compare-FtpDirectory $here $at -Exclude c.txt/, *.log, skip/) | Should -BeExactly 'Upload dir/c.txt'
        Get-Step (Compare-FtpDirectory $here $at -Exclude c.txt, *.log, skip/) | Should -BeNullOrEmpty
        Get-ChildItem -LiteralPath $here -Filter c.txt -Recurse | Remove-Item
        # A file that is there and here, and too old to be sent, is no file to delete.
        Set-TestText (Join-Path $there 'old.txt') 'old'
        Set-TestText (Join-Path $here 'old.txt') 'old too' '2020-01-01Z'
        Compare-FtpDirectory $here $at -Mirror -NewerThan 2025-01-01 -Exclude *.log, skip | Should -BeNullOrEmpty
    }

    It 'leaves the directory of backups alone in whatever case it was named' {
        $names = if ($env:OS -eq 'Windows_NT') { 'kept', 'KEPT', 'Kept\' } else { 'kept', 'kept/' }
        Set-TestText (Join-Path $there 'a.txt') 'a'
        foreach ($name in $names) {
            Set-TestText (Join-Path $here 'kept/mine.txt') 'mine'
            $null = Sync-FtpDirectory $here $at -Direction Download -Mirror -MaximumDelete 100% -BackupPath $name -ErrorAction Stop
            Join-Path $here 'kept/mine.txt' | Should -Exist
        }
    }

    It 'leaves what is a file here and a directory there, and says so' {
        Set-TestText (Join-Path $here 'x') 'file'
        Set-TestText (Join-Path $there 'x/inner.txt') 'inner'
        $failures = @()
        $results = Sync-FtpDirectory $here $at -Mirror -MaximumDelete 100% -ErrorAction SilentlyContinue -ErrorVariable failures
        @($results.Step) | Should -Be 'Conflict'
        @($failures.FullyQualifiedErrorId) | Should -Be 'FtpAlreadyExists,FtpTools.Commands.SyncFtpDirectoryCommand'
        Get-TestTree $there | Should -BeExactly 'x/', 'x/inner.txt=inner'
    }

    It 'leaves links, and says so, and the parts of transfers' {
        Skip-Test -If ($env:OS -eq 'Windows_NT') -Because 'Links need a right there that tests do not have.'
        Set-TestText (Join-Path $here 'a.txt') 'a'
        $null = New-Item (Join-Path $here 'link.txt') -ItemType SymbolicLink -Value a.txt
        Set-TestText (Join-Path $there 'link.txt') 'what has its name'
        Set-TestText (Join-Path $there 'd/.ftptools-0123456789ab-0123456789ab-0123456789ab.part') 'part'
        $failures = @()
        $null = Sync-FtpDirectory $here $at -Mirror -MaximumDelete 100% -ErrorAction SilentlyContinue -ErrorVariable failures
        Get-TestTree $there | Should -BeExactly 'a.txt=a', 'd/', 'd/.ftptools-0123456789ab-0123456789ab-0123456789ab.part=part', 'link.txt=what has its name'
        @($failures.FullyQualifiedErrorId) | Should -Be 'FtpCommandRefused,FtpTools.Commands.SyncFtpDirectoryCommand'
        "$failures" | Should -BeLike '*link.txt*it''s a link*'
        # What is left out by name is no error.
        $null = Sync-FtpDirectory $here $at -Mirror -Exclude link.txt -ErrorAction Stop
    }

    It 'goes on with a plan that was broken off' {
        1..60 | ForEach-Object { Set-TestText (Join-Path $here "d$($_ % 7)/$_.txt") ("$_" * 100) }
        $plan = Compare-FtpDirectory $here $at
        $first = $plan | Sync-FtpDirectory -ThrottleLimit 1 | Select-Object -First 20
        @($first).Count | Should -Be 20
        $session.State | Should -Be 'Opened'
        $results = $plan | Sync-FtpDirectory -ErrorAction Stop
        @($results).Count | Should -Be 67
        @($results | Where-Object Status -eq Skipped).Count | Should -BeGreaterOrEqual 13
        Get-TestTree $there | Should -BeExactly (Get-TestTree $here)
    }

    It 'does not carry out a plan on another server, or for another account' {
        Set-TestText (Join-Path $here 'a.txt') 'a'
        Set-TestText (Join-Path $here 'b.txt') 'b'
        $plan = Compare-FtpDirectory $here $at | Select-Object * | ForEach-Object { $_.Server = 'elsewhere:21'; [FtpTools.FtpSyncAction]$_ }
        $failures = @()
        $results = $plan | Sync-FtpDirectory -ErrorAction SilentlyContinue -ErrorVariable failures
        @($failures.FullyQualifiedErrorId) | Should -Be 'FtpWrongServer,FtpTools.Commands.SyncFtpDirectoryCommand'
        @($results.Status) | Should -Be 'Failed', 'Failed'
        Get-ChildItem $there | Should -BeNullOrEmpty
    }

    It 'splits a plan into shards, which do it all when they run one after another' {
        1..40 | ForEach-Object { Set-TestText (Join-Path $here "d$($_ % 5)/$_.txt") ("$_" * 10) }
        Set-TestText (Join-Path $there 'gone.txt') 'gone'
        $shards = @(Compare-FtpDirectory $here $at -Mirror | Split-FtpSyncAction -Count 2 -MaxConnection 3)
        $shards.Count | Should -Be 4
        $shards[1][0].MaxConnection + $shards[2][0].MaxConnection | Should -Be 3
        # As after remoting: rows, and no live objects.
        $rows = $shards | ForEach-Object { , @([System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_))) }
        $results = $rows | ForEach-Object { $_ | Sync-FtpDirectory -MaximumDelete 100% -ErrorAction Stop }
        @($results).Count | Should -Be 46
        Get-TestTree $there | Should -BeExactly (Get-TestTree $here)
    }

    Context 'What -Newer remembers' {
        BeforeAll {
            $oldFolder = $env:XDG_CONFIG_HOME
            $env:XDG_CONFIG_HOME = Join-Path $TestDrive 'config'
        }

        AfterAll { $env:XDG_CONFIG_HOME = $oldFolder }

        It 'is kept in a file of the account, for these directories alone' {
            Skip-Test -If ($env:OS -eq 'Windows_NT') -Because 'Windows tells the folder of the account, and no test may write to it.'
            if ($env:OS -eq 'Windows_NT') { return }
            Set-TestText (Join-Path $here 'a.txt') 'a'
            $null = Sync-FtpDirectory $here $at -Newer -WhatIf
            Join-Path $env:XDG_CONFIG_HOME 'FtpTools' | Should -Not -Exist
            $null = Sync-FtpDirectory $here $at -Newer -ErrorAction Stop
            $files = @(Get-ChildItem (Join-Path $env:XDG_CONFIG_HOME 'FtpTools/sync/*.jsonl') -File)
            $files.Count | Should -Be 1
            $rows = @(Get-Content $files[0].FullName | ConvertFrom-Json)
            $rows[0].local | Should -BeExactly $here
            $rows[0].remote | Should -BeExactly $at
            $rows[1].path | Should -BeExactly 'a.txt'
            & stat -c %a $files[0].FullName | Should -Be 600
            $null = Sync-FtpDirectory $here "$at/other" -Newer -ErrorAction Stop
            @(Get-ChildItem (Join-Path $env:XDG_CONFIG_HOME 'FtpTools/sync/*.jsonl') -File).Count | Should -Be 2
        }

        It 'is no reason for a job to fail where it cannot be kept' {
            Set-TestText (Join-Path $here 'a.txt') 'a'
            $state = Join-Path (New-TestFile (Join-Path $TestDrive 'a file') 'x') 'state.jsonl'
            $warnings = @()
            $results = Sync-FtpDirectory $here $at -Newer -StatePath $state -ErrorAction Stop -WarningVariable warnings -WarningAction SilentlyContinue
            @($results.Status) | Should -Be 'Succeeded'
            "$warnings" | Should -BeLike "*couldn't be saved*$state*"
        }

        It 'is not taken from a file that is damaged, or of others, or from a directory' {
            Set-TestText (Join-Path $here 'a.txt') 'a'
            { Sync-FtpDirectory $here $at -Newer -StatePath $TestDrive } | Should -Throw -ErrorId 'FtpLocalFileError*'
            $state = New-TestFile (Join-Path $TestDrive 'no-state.txt') 'something else'
            { Sync-FtpDirectory $here $at -Newer -StatePath $state } | Should -Throw -ErrorId 'FtpLocalFileError,FtpTools.Commands.SyncFtpDirectoryCommand'
            Get-ChildItem $there | Should -BeNullOrEmpty
            [IO.File]::ReadAllText($state) | Should -BeExactly 'something else'
            { Sync-FtpDirectory $here $at -StatePath $state } | Should -Throw -ErrorId 'FtpLocalFileError*'
            { Compare-FtpDirectory $here $at -Mirror -StatePath (Join-Path $TestDrive 'none') } | Should -Throw -ErrorId 'FtpCommandRefused*'
        }

        It 'is kept of a plan from the pipeline where a file is named' {
            Set-TestText (Join-Path $here 'in/a.txt') 'a'
            Set-TestText (Join-Path $there 'b.txt') 'b'
            $state = Join-Path $TestDrive 'pipeline.jsonl'
            $results = Compare-FtpDirectory $here $at -Newer -StatePath $state | Sync-FtpDirectory -StatePath $state -ErrorAction Stop
            @($results).Count | Should -Be 3
            @(Get-Content $state | ConvertFrom-Json | Select-Object -Skip 1).path | Should -Be 'b.txt', 'in/a.txt'
            Set-TestText (Join-Path $here 'b.txt') 'here' '2026-06-01T12:00:00Z'
            Set-TestText (Join-Path $there 'b.txt') 'there' '2026-07-01T12:00:00Z'
            Get-Step (Compare-FtpDirectory $here $at -Newer -StatePath $state) | Should -BeExactly 'Conflict b.txt'
        }
    }

    It 'refuses to choose among the steps of a plan, and does nothing' {
        Set-TestText (Join-Path $here 'a.txt') 'a'
        $plan = Compare-FtpDirectory $here $at
        foreach ($choice in @{ Filter = '*.csv' }, @{ Exclude = '*.txt' }, @{ NewerThan = '1d' }, @{ Newest = 1 }) {
            { $plan | Sync-FtpDirectory @choice } | Should -Throw -ErrorId 'FtpCommandRefused,*'
        }
        Get-ChildItem $there | Should -BeNullOrEmpty
    }

    It 'takes no step that is not whole, <_>' -ForEach 'piped', 'given', 'a hash table' {
        Set-TestText (Join-Path $there 'a.txt') 'a'
        $part = Compare-FtpDirectory $here $at -Direction Download | Select-Object Kind, Reason, LocalPath, RemotePath
        $failure = switch ($_) {
            'piped' { Get-ExpectedError { $part | Sync-FtpDirectory } }
            'given' { Get-ExpectedError { Sync-FtpDirectory -InputObject $part } }
            'a hash table' { Get-ExpectedError { Sync-FtpDirectory -InputObject @{ Kind = 'Download' } } }
        }
        $failure.Exception | Should -BeOfType ([Management.Automation.ParameterBindingException])
        Join-Path $here 'a.txt' | Should -Not -Exist
    }

    It 'takes nothing from the pipeline for nothing to do' {
        Set-TestText (Join-Path $here 'a.txt') 'a'
        Push-Location $here
        try {
            $null | Sync-FtpDirectory -ErrorAction Stop | Should -BeNullOrEmpty
            @() | Sync-FtpDirectory -ErrorAction Stop | Should -BeNullOrEmpty
            , @() | Sync-FtpDirectory -ErrorAction Stop | Should -BeNullOrEmpty
            $null | Split-FtpSyncAction 2 -ErrorAction Stop | Should -BeNullOrEmpty
        }
        finally { Pop-Location }
        Get-ChildItem $there | Should -BeNullOrEmpty
    }

    It 'refuses what contradicts itself' {
        { Compare-FtpDirectory $here $at -Mirror -Newer } | Should -Throw -ErrorId 'FtpCommandRefused*'
        { Compare-FtpDirectory $here $at -Newest 3 } | Should -Throw -ErrorId 'FtpCommandRefused*'
        { Sync-FtpDirectory $here $at -Mirror -MaximumDelete many } | Should -Throw '*limit for deletions*'
        { Sync-FtpDirectory $here $at -Mirror -MaximumDelete 101% } | Should -Throw '*limit for deletions*'
    }
}

Describe 'A server that sets no times' {
    BeforeAll {
        $ftp = Start-TestServer embedded '--habits', 'no-times'
        $session = Connect-TestServer $ftp @{ WarningAction = 'Ignore' }
    }

    AfterAll { $session | Disconnect-Ftp }

    It 'does not send back what was sent to it' {
        $folder = New-TestFolder $ftp
        $here = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid().ToString('N'))) -ItemType Directory).FullName
        $with = @{ Newer = $true; StatePath = Join-Path $TestDrive 'no-times.jsonl'; WarningAction = 'Ignore' }
        Set-TestText (Join-Path $here 'a.txt') 'a'
        Set-TestText (Join-Path $here 'b.txt') 'b'
        Set-TestText (Join-Path $folder.Local 'c.txt') 'c'
        (Sync-FtpDirectory $here $folder.Remote @with -ErrorAction Stop).Status | Sort-Object -Unique | Should -Be 'Succeeded'
        # Without memory they are newer there.
        Get-Step (Compare-FtpDirectory $here $folder.Remote -Newer -StatePath "$($with.StatePath).other") | Should -BeExactly 'Download a.txt', 'Download b.txt'
        Compare-FtpDirectory $here $folder.Remote @with | Should -BeNullOrEmpty
        Set-TestText (Join-Path $here 'a.txt') 'A' '2026-03-02T12:00:00Z'
        Set-TestText (Join-Path $folder.Local 'b.txt') 'B' '2026-03-02T12:00:00Z'
        Get-Step (Compare-FtpDirectory $here $folder.Remote @with) | Should -BeExactly 'Download b.txt', 'Upload a.txt'
        $null = Sync-FtpDirectory $here $folder.Remote @with -ErrorAction Stop
        Get-TestTree $here | Should -BeExactly (Get-TestTree $folder.Local)
        Compare-FtpDirectory $here $folder.Remote @with | Should -BeNullOrEmpty
    }
}
