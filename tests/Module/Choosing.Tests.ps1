<#
Which files are chosen: the parameters that Get-FtpChildItem, Send-FtpItem and Receive-FtpItem share.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Choosing files, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $session = Connect-TestServer $ftp
            $folder = New-TestFolder $ftp
            $at = $folder.Remote

            # The same tree on the server and here, in which the size and the age of each file tell it from the others.
            function New-Tree([string] $Root) {
                $files = @(
                    @('new.csv', 2000, 1), @('old.csv', 10, 400), @('middle.txt', 500, 20), @('sub/deep/oldest.csv', 3000, 500), @('sub/newest.csv', 20, 0.02),
                    @('sub/logs/a.log', 100, 3), @('logs/b.log', 100, 5)
                )
                foreach ($file in $files) {
                    $path = New-TestData (Join-Path $Root $file[0]) $file[1]
                    [IO.File]::SetLastWriteTimeUtc($path, [DateTime]::UtcNow.AddDays(-$file[2]))
                }
                $null = New-Item (Join-Path $Root 'empty') -ItemType Directory
            }
            New-Tree (Join-Path $folder.Local 'tree')
            Grant-TestFolder $ftp
            $here = Join-Path $TestDrive 'here'
            New-Tree (Join-Path $here 'tree')

            # The paths below a folder, directories too.
            function Get-Below([string] $Folder) {
                if (Test-Path $Folder) {
                    Get-ChildItem -LiteralPath $Folder -Recurse -Force | ForEach-Object { $_.FullName.Substring($Folder.Length + 1).Replace('\', '/') } | Sort-Object
                }
            }

            # What comes of a choice among the files of the tree: listed, sent and received, each as a list of names.
            function Get-Chosen([hashtable] $With) {
                $number = [Guid]::NewGuid().ToString('N').Substring(0, 8)
                $down = Join-Path $TestDrive "down$number"
                $results = Receive-FtpItem "$at/tree" $down -Recurse @With
                $sent = Send-FtpItem (Join-Path $here 'tree') "$at/up$number" -Recurse @With
                if (@($results) + @($sent) | Where-Object { $_ -and $_.Status -ne 'Succeeded' }) { throw 'Not all succeeded.' }
                [pscustomobject]@{
                    Listed      = @(Get-FtpChildItem "$at/tree" -Recurse -File -Name @With)
                    Received    = @(Get-Below $down)
                    ReceivedRow = @($results | ForEach-Object { $_.Source.Substring("$at/tree/".Length) })
                    Sent        = @(Get-Below (Join-Path $folder.Local "up$number"))
                    SentRow     = @($sent | ForEach-Object { $_.Destination.Substring("$at/up$number/".Length) })
                }
            }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'chooses by <With> in all three' -ForEach @(
            @{ With = @{ Filter = '*.csv' }; Files = 'new.csv', 'old.csv', 'sub/deep/oldest.csv', 'sub/newest.csv' }
            @{ With = @{ Filter = '*.CSV'; Include = 'O*', 'N*'; Exclude = 'SUB/DEEP' }; Files = 'new.csv', 'old.csv', 'sub/newest.csv' }
            @{ With = @{ Include = '*.txt', 'new*' }; Files = 'middle.txt', 'new.csv', 'sub/newest.csv' }
            @{ With = @{ Filter = '*.csv'; Include = 'o*'; Exclude = 'oldest.*' }; Files = @('old.csv') }
            @{ With = @{ Include = 'sub/*.csv', '/*.txt' }; Files = 'middle.txt', 'sub/newest.csv' }
            @{ With = @{ Include = 'sub/**/*.csv' }; Files = 'sub/deep/oldest.csv', 'sub/newest.csv' }
            @{ With = @{ Filter = '*.csv'; Exclude = 'sub' }; Files = 'new.csv', 'old.csv' }
            @{ With = @{ Filter = '*.log'; Exclude = 'sub/logs' }; Files = @('logs/b.log') }
            @{ With = @{ NewerThan = '10d' }; Files = 'logs/b.log', 'new.csv', 'sub/logs/a.log', 'sub/newest.csv' }
            @{ With = @{ OlderThan = [TimeSpan]::FromDays(100) }; Files = 'old.csv', 'sub/deep/oldest.csv' }
            @{ With = @{ NewerThan = [DateTime]::UtcNow.AddDays(-30); OlderThan = '10d' }; Files = @('middle.txt') }
            @{ With = @{ MinimumSize = '1KB' }; Files = 'new.csv', 'sub/deep/oldest.csv' }
            @{ With = @{ MinimumSize = 100; MaximumSize = 500 }; Files = 'logs/b.log', 'middle.txt', 'sub/logs/a.log' }
            @{ With = @{ MinimumSize = '10MB' }; Files = @() }
        ) {
            $chosen = Get-Chosen $With
            $chosen.Listed | Sort-Object | Should -Be $Files
            $chosen.ReceivedRow | Sort-Object | Should -Be $Files
            $chosen.SentRow | Sort-Object | Should -Be $Files
            # No directory is made that nothing goes into.
            $all = @($Files | ForEach-Object { $parts = $_ -split '/'; for ($i = 0; $i -lt $parts.Count; $i++) { $parts[0..$i] -join '/' } } | Sort-Object -Unique)
            $chosen.Received | Should -Be $all
            $chosen.Sent | Should -Be $all
        }

        It 'takes *.* for all names, ignores case and knows brackets where Get-ChildItem does' {
            $null = New-TestFile (Join-Path $folder.Local 'dots/README') 'no dot'
            foreach ($name in 'a.txt', 'b.TXT', 'c[1].txt', 'c1.txt') { $null = New-TestFile (Join-Path $folder.Local "dots/$name") 'one dot' }
            Grant-TestFolder $ftp
            $filters = '*.*', '*.txt', '*.TXT', 'readme', '?.txt', 'c[1].txt', 'c[1]*', '[ab].txt', '*`*'
            foreach ($with in @($filters | ForEach-Object { @{ Filter = $_ } }) + @('*.*', '*.txt', 'READ*', 'c[1].txt', '[A-B].*' | ForEach-Object { @{ Include = $_; Recurse = $true }; @{ Exclude = $_; Recurse = $true } })) {
                $local = @(Get-ChildItem (Join-Path $folder.Local 'dots') -Name @with | Sort-Object)
                @(Get-FtpChildItem "$at/dots" -Name @with | Sort-Object) | Should -Be $local
            }
        }

        It 'makes directories that have nothing to take, where -Exclude alone leaves out' {
            $chosen = Get-Chosen @{ Exclude = 'logs', '*.csv' }
            $chosen.Received | Should -Be @('empty', 'middle.txt', 'sub', 'sub/deep')
            $chosen.Sent | Should -Be $chosen.Received
        }

        It 'gives the newest and the oldest of all, in that order' {
            (Get-FtpChildItem "$at/tree" -Recurse -Newest 2).Name | Should -Be @('newest.csv', 'new.csv')
            (Get-FtpChildItem "$at/tree" -Recurse -Oldest 2 -Name) | Should -Be @('sub/deep/oldest.csv', 'old.csv')
            (Get-FtpChildItem "$at/tree", "$at/tree/sub" -Filter *.csv -Newest 2).Name | Should -Be @('newest.csv', 'new.csv')
        }

        It 'transfers the newest and the oldest of a tree, and makes no other directory' {
            $down = Join-Path $TestDrive 'newest'
            (Receive-FtpItem "$at/tree" $down -Recurse -Newest 2 -ThrottleLimit 1).Source | Should -Be @("$at/tree/sub/newest.csv", "$at/tree/new.csv")
            Get-Below $down | Should -Be @('new.csv', 'sub', 'sub/newest.csv')
            (Send-FtpItem (Join-Path $here 'tree') "$at/oldest" -Recurse -Oldest 2 -ThrottleLimit 1).Destination | Should -Be @("$at/oldest/sub/deep/oldest.csv", "$at/oldest/old.csv")
            Get-Below (Join-Path $folder.Local 'oldest') | Should -Be @('old.csv', 'sub', 'sub/deep', 'sub/deep/oldest.csv')
        }

        It 'chooses of all that one call was given, by wildcards, paths and from the pipeline' {
            $to = (New-Item (Join-Path $TestDrive 'wild') -ItemType Directory).FullName
            (Receive-FtpItem "$at/tree/*.csv", "$at/tree/sub/*.csv" $to -Newest 1).Source | Should -Be "$at/tree/sub/newest.csv"
            (Get-FtpChildItem "$at/tree" -Recurse -File | Receive-FtpItem -Destination $to -Oldest 1).Source | Should -Be "$at/tree/sub/deep/oldest.csv"
            (Get-FtpChildItem "$at/tree" -Recurse -File | Receive-FtpItem -Destination $to -NewerThan 2d -Force).Source | Sort-Object | Should -Be @("$at/tree/new.csv", "$at/tree/sub/newest.csv")
            (Receive-FtpItem "$at/tree/new.csv", "$at/tree/old.csv" $to -OlderThan 30d).Source | Should -Be "$at/tree/old.csv"
            (Send-FtpItem (Join-Path $here 'tree/*.csv') "$at/wild/" -Newest 1 -Force).Source | Should -Be (Join-Path $here 'tree/new.csv')
            (Get-ChildItem $here -Recurse -File | Send-FtpItem -Destination "$at/wild/" -Filter *.log -Exclude b*).Destination | Should -Be "$at/wild/a.log"
            Receive-FtpItem "$at/tree/new.csv" $to -OlderThan 30d | Should -BeNullOrEmpty
        }

        It 'gives a new name to the one file that is chosen of several' {
            $latest = Join-Path $TestDrive 'latest.csv'
            (Receive-FtpItem "$at/tree/*.csv" $latest -Newest 1).Source | Should -Be "$at/tree/new.csv"
            (Receive-FtpItem "$at/tree/*" $latest -Filter old*).Source | Should -Be "$at/tree/old.csv"
            (Send-FtpItem (Join-Path $here 'tree/*.csv') "$at/latest.csv" -Oldest 1).Source | Should -Be (Join-Path $here 'tree/old.csv')
            (Get-ExpectedError { Receive-FtpItem "$at/tree/*.csv" $latest -Newest 2 }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand'
        }

        It 'takes no directory without -Recurse that was not asked for' {
            $to = (New-Item (Join-Path $TestDrive 'flat') -ItemType Directory).FullName
            (Receive-FtpItem "$at/tree/*" $to -Filter *.csv -ErrorAction Stop).Source | Sort-Object | Should -Be @("$at/tree/new.csv", "$at/tree/old.csv")
            (Receive-FtpItem "$at/tree/*" $to -Newest 1 -ErrorAction Stop).Source | Should -Be "$at/tree/new.csv"
            (Send-FtpItem (Join-Path $here 'tree/*') "$at/flat/" -MinimumSize 1KB -Force -ErrorAction Stop).Destination | Should -Be "$at/flat/new.csv"
            (Get-ExpectedError { Receive-FtpItem "$at/tree/*" $to -Filter sub }).Exception.Message | Should -BeLike '*-Recurse*'
        }

        It 'lists no directory that is left out, and gives no row of it' {
            $dialogue = Get-FtpChildItem "$at/tree" -Recurse -Exclude sub, logs/ -Verbose 4>&1
            ($dialogue | Where-Object { $_ -is [FtpTools.FtpItem] }).Name | Sort-Object | Should -Be @('empty', 'middle.txt', 'new.csv', 'old.csv')
            $commands = $dialogue | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and "$_" -match '--> (MLSD|LIST|CWD)' }
            "$commands" | Should -Match "/tree/empty"
            "$commands" | Should -Not -Match "/tree/(sub|logs)"
            $dialogue = Receive-FtpItem "$at/tree" (Join-Path $TestDrive 'without') -Recurse -Exclude sub, logs/ -Verbose 4>&1
            $commands = $dialogue | Where-Object { $_ -is [Management.Automation.VerboseRecord] -and "$_" -match '--> (MLSD|LIST|CWD)' }
            "$commands" | Should -Match "/tree/empty"
            "$commands" | Should -Not -Match "/tree/(sub|logs)"
            ($dialogue | Where-Object { $_ -is [FtpTools.FtpTransferResult] }).Source | Sort-Object | Should -Be @("$at/tree/middle.txt", "$at/tree/new.csv", "$at/tree/old.csv")
            Receive-FtpItem "$at/tree" (Join-Path $TestDrive 'nothing') -Recurse -Exclude tree | Should -BeNullOrEmpty
            Test-Path (Join-Path $TestDrive 'nothing') | Should -BeFalse
        }

        It 'gives directories by name and time, and none where sizes or -Newest choose' {
            (Get-FtpChildItem "$at/tree" -Recurse -Filter logs).FullName | Sort-Object | Should -Be @("$at/tree/logs", "$at/tree/sub/logs")
            (Get-FtpChildItem "$at/tree" -Directory -OlderThan (Get-Date).AddDays(2)).Name | Sort-Object | Should -Be @('empty', 'logs', 'sub')
            Get-FtpChildItem "$at/tree" -Directory -OlderThan 30d | Should -BeNullOrEmpty
            (Get-FtpChildItem "$at/tree" -MinimumSize 0).ItemType | Should -Not -Contain 'Directory'
            (Get-FtpChildItem "$at/tree" -Newest 10).Name | Should -Be @('new.csv', 'middle.txt', 'old.csv')
            Get-FtpChildItem "$at/tree" -Directory -Newest 10 | Should -HaveCount 3
        }

        It 'asks about what is chosen alone' {
            Start-Transcript (Join-Path $TestDrive 'whatif.txt') | Out-Null
            try {
                Receive-FtpItem "$at/tree/*.csv" (Join-Path $TestDrive 'asked/') -Newest 1 -Force -WhatIf | Should -BeNullOrEmpty
                Send-FtpItem (Join-Path $here 'tree/*.csv') "$at/asked/" -Oldest 1 -Force -WhatIf | Should -BeNullOrEmpty
            }
            finally { Stop-Transcript | Out-Null }
            $said = [regex]::Matches((Get-Content (Join-Path $TestDrive 'whatif.txt') -Raw), 'Item: (\S+) Destination') | ForEach-Object { $_.Groups[1].Value }
            $said | Should -Be @("$at/tree/new.csv", (Join-Path $here 'tree/old.csv'))
            Test-Path (Join-Path $TestDrive 'asked') | Should -BeFalse
            Test-Path (Join-Path $folder.Local 'asked') | Should -BeFalse
        }

        It 'takes a link whatever its own time is, and leaves out one to a directory' {
            Skip-Test -If ($Name -in 'embedded', 'pyftpdlib') -Because 'the MLSD of the embedded server and of pyftpdlib shows what a link leads to, and not the link'
            $own = New-TestFolder $ftp
            $null = New-TestFile (Join-Path $own.Local 'real/in.txt') 'inside'
            [IO.File]::SetLastWriteTimeUtc((Join-Path $own.Local 'real/in.txt'), [DateTime]::UtcNow.AddDays(-100))
            $null = New-Item (Join-Path $own.Local 'latest') -ItemType SymbolicLink -Target real/in.txt
            $null = New-Item (Join-Path $own.Local 'other') -ItemType SymbolicLink -Target real
            Grant-TestFolder $ftp
            $said = Receive-FtpItem "$($own.Remote)/*" (Join-Path $TestDrive 'links/') -Recurse -OlderThan 30d -Exclude other/ -Force -Verbose 3>&1 4>&1
            ($said | Where-Object { $_ -is [FtpTools.FtpTransferResult] }).Source | Sort-Object | Should -Be @("$($own.Remote)/latest", "$($own.Remote)/real/in.txt")
            "$said" | Should -Match "'$($own.Remote)/latest' is selected, although it may not match, because it's a link"
            $said = Receive-FtpItem $own.Remote (Join-Path $TestDrive 'links') -Recurse -FollowSymlink -OlderThan 30d -Exclude real 3>&1
            $said.Source | Sort-Object | Should -Be @("$($own.Remote)/latest", "$($own.Remote)/other/in.txt")
        }

        It 'takes what cannot be told, and says so' {
            # To the day, or the second: a limit within it.
            $time = [DateTime]::SpecifyKind((Get-FtpItem "$at/tree/old.csv").LastWriteTimeUtc, 'Utc')
            foreach ($with in @{ NewerThan = $time.AddMilliseconds(1) }, @{ OlderThan = $time.AddMilliseconds(1) }) {
                $said = Get-FtpChildItem "$at/tree" -Filter old.csv @with -Verbose 4>&1
                ($said | Where-Object { $_ -is [FtpTools.FtpItem] }).Name | Should -Be 'old.csv'
                "$said" | Should -Match "'$at/tree/old.csv' is selected, although it may not match, because its time .* isn't exact enough \(TimePrecision (Second|Day|Minute)\)"
                $said = Receive-FtpItem "$at/tree" (Join-Path $TestDrive 'doubt') -Recurse -Filter old.csv @with -Verbose 4>&1
                ($said | Where-Object { $_ -is [FtpTools.FtpTransferResult] }).Source | Should -Be "$at/tree/old.csv"
                "$said" | Should -Match "'$at/tree/old.csv' is selected"
                $said = Receive-FtpItem "$at/tree/old.csv" (Join-Path $TestDrive 'doubt') @with -Verbose 4>&1
                "$said" | Should -Match "'$at/tree/old.csv' is selected"
            }
        }
    }
}

Describe 'The arguments of a choice' -ForEach (Get-TestServer | Where-Object Name -eq 'embedded') -Skip:(Get-TestServer | Where-Object Name -eq 'embedded').Skip {
    BeforeAll {
        $ftp = Start-TestServer embedded
        $session = Connect-TestServer $ftp
        $folder = New-TestFolder $ftp
        $at = $folder.Remote
        foreach ($age in 0, 2, 20) {
            $path = New-TestFile (Join-Path $folder.Local "$age.txt") 'text'
            [IO.File]::SetLastWriteTimeUtc($path, [DateTime]::UtcNow.AddDays(-$age).AddSeconds(-10))
        }
    }

    AfterAll { Disconnect-Ftp -All }

    It 'takes times as they are typed' {
        $newer = { param($time) (Get-FtpChildItem $at -NewerThan $time).Name }
        (Get-FtpChildItem $at -NewerThan 1d).Name | Should -Be '0.txt'
        (Get-FtpChildItem $at -NewerThan 90m).Name | Should -Be '0.txt'
        (Get-FtpChildItem $at -NewerThan 90s).Name | Should -Be '0.txt'
        (Get-FtpChildItem $at -NewerThan 1h).Name | Should -Be '0.txt'
        (Get-FtpChildItem $at -OlderThan 1W).Name | Should -Be '20.txt'
        & $newer (New-TimeSpan -Days 1) | Should -Be '0.txt'
        & $newer '1.00:00:00' | Should -Be '0.txt'
        & $newer (Get-Date).AddDays(-1) | Should -Be '0.txt'
        & $newer ([DateTimeOffset]::Now.AddDays(-1)) | Should -Be '0.txt'
        & $newer ((Get-Date).AddDays(-1).ToString('o')) | Should -Be '0.txt'
        & $newer ((Get-Date).AddDays(-3).ToString('yyyy-MM-dd')) | Sort-Object | Should -Be @('0.txt', '2.txt')
        (Get-FtpChildItem $at -OlderThan today).Name | Should -Contain '2.txt'
        (Get-FtpChildItem $at -NewerThan Yesterday).Name | Should -Contain '0.txt'
        (Get-FtpChildItem $at -NewerThan Yesterday).Name | Should -Not -Contain '2.txt'
    }

    It 'has days begin at midnight, here' {
        $path = New-TestFile (Join-Path $folder.Local 'day/midnight.txt')
        [IO.File]::SetLastWriteTime($path, [DateTime]::Today)
        $path = New-TestFile (Join-Path $folder.Local 'day/before.txt')
        [IO.File]::SetLastWriteTime($path, [DateTime]::Today.AddSeconds(-1))
        (Get-FtpChildItem "$at/day" -NewerThan Today).Name | Should -Be 'midnight.txt'
        (Get-FtpChildItem "$at/day" -NewerThan Yesterday -OlderThan Today).Name | Should -Be 'before.txt'
    }

    It 'refuses <Value> for a time, and says what it takes' -ForEach @(
        @{ Value = 30 }, @{ Value = '30' }, @{ Value = '30x' }, @{ Value = 'd' }, @{ Value = '-1d' }, @{ Value = 'soon' }, @{ Value = '' },
        @{ Value = '99999999w' }, @{ Value = [TimeSpan]::FromDays(-1) }
    ) {
        { Get-FtpChildItem $at -NewerThan $Value } | Should -Throw '*Specify a date such as 2026-01-31*' -ErrorId 'ParameterArgumentTransformationError,FtpTools.Commands.GetFtpChildItemCommand'
    }

    It 'reads dates of the culture, and guesses none' -Tag NotOnWine {
        $culture = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            (Get-FtpChildItem $at -OlderThan '31.01.2001') | Should -BeNullOrEmpty
            (Get-FtpChildItem $at -File -NewerThan '31.01.2001') | Should -HaveCount 3
            { Get-FtpChildItem $at -NewerThan '01.02.2001' } | Should -Throw "*'01.02.2001' can be 2001-01-02 or 2001-02-01*"
            [cultureinfo]::CurrentCulture = 'en-US'
            (Get-FtpChildItem $at -File -NewerThan '01/02/2001') | Should -HaveCount 3
        }
        finally { [cultureinfo]::CurrentCulture = $culture }
    }

    It 'refuses what nothing can fit, before anything moves' -ForEach @(
        @{ With = @{ MinimumSize = '2MB'; MaximumSize = '1mb' } }, @{ With = @{ NewerThan = '1d'; OlderThan = '2d' } }, @{ With = @{ Newest = 1; Oldest = 1 } }
    ) {
        foreach ($script in { Get-FtpChildItem $at @With -Verbose 4>&1 }, { Receive-FtpItem "$at/*" $TestDrive @With -Verbose 4>&1 }, { Send-FtpItem $PSCommandPath $at @With -Verbose 4>&1 }) {
            $failure = $null
            try { $said = & $script } catch { $failure = $_ }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpCommandRefused,*'
            "$failure" | Should -BeLike 'Nothing was done:*'
        }
        Get-FtpChildItem $at -File | Should -HaveCount 3
    }

    It 'refuses what is no pattern' {
        (Get-ExpectedError { Receive-FtpItem "$at/*" $TestDrive -Exclude 'a/[b' }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand'
    }

    It 'completes times' {
        $line = 'Receive-FtpItem x -NewerThan '
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be @('Today', 'Yesterday', '1h', '12h', '1d', '7d', '30d', '90d', '52w')
        $line = 'Get-FtpChildItem -OlderThan y'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'Yesterday'
    }

    It 'asks -NameMap about what is chosen alone' {
        $asked = New-Object Collections.Generic.List[string]
        $map = { $asked.Add($_.Name); "to-$($_.Name)" }
        (Receive-FtpItem "$at" (Join-Path $TestDrive 'map') -Recurse -Filter *.txt -NewerThan 1d -Exclude day -NameMap $map).Destination | Should -Be (Join-Path $TestDrive 'map/to-0.txt')
        $asked | Where-Object { $_ -like '*.txt' } | Should -Be '0.txt'
        $asked.Clear()
        (Send-FtpItem (Join-Path $TestDrive 'map') "$at/mapped" -Recurse -Oldest 1 -NameMap $map).Destination | Should -Be "$at/mapped/to-to-0.txt"
        $asked | Should -Be 'to-0.txt'
    }
}
