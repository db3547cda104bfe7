<#
Files that are taken once: -Journal, -SourceAction and -SourceDestination of Send-FtpItem and Receive-FtpItem, and the cmdlets
for journals.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    # What is in a folder, by paths with slashes, without what a journal has beside it.
    function Get-Tree([string] $Folder) {
        @(Get-ChildItem $Folder -Recurse -File -Force | ForEach-Object { $_.FullName.Substring($Folder.Length + 1).Replace('\', '/') } | Sort-Object)
    }
}

foreach ($server in $servers) {
    Describe "Files that are taken once, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $null = Connect-TestServer $ftp
        }

        BeforeEach {
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $here = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory).FullName
            $journal = Join-Path $here 'job.journal'
            $to = (New-Item (Join-Path $here 'to') -ItemType Directory).FullName
            foreach ($file in 'a.csv', 'b.csv', $oddName) { $null = New-TestFile (Join-Path $folder.Local $file) "content of $file" }
            # So old that every server's listing tells the day alone, and MDTM the second.
            Get-ChildItem $folder.Local | ForEach-Object { $_.LastWriteTimeUtc = [datetime]::new(2021, 2, 3, 4, 5, 6, [DateTimeKind]::Utc) }
            Grant-TestFolder $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'receives each file once, and one that has changed again' {
            $take = { Receive-FtpItem "$at/*" $to -Journal $journal }
            (& $take).Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
            (& $take).Status | Should -Be 'Skipped', 'Skipped', 'Skipped'
            $null = New-TestFile (Join-Path $folder.Local 'b.csv') 'other content'
            Grant-TestFolder $ftp
            $again = @(& $take | Where-Object Status -eq Succeeded)
            $again.Name | Should -Be 'b.csv'
            Get-Content (Join-Path $to 'b.csv') | Should -Be 'other content'
            $entries = Get-FtpJournal $journal
            $entries.State | Should -Be 'Taken', 'Taken', 'Taken'
            ($entries | Where-Object RemotePath -eq "$at/$oddName").LocalPath | Should -Be (Join-Path $to $oddName)
            @(Get-FtpJournal $journal -All).Count | Should -Be 8
        }

        It 'moves originals on the server to a directory, and overwrites nothing there' {
            $take = { Receive-FtpItem "$at/*.csv" $to -SourceAction Move -SourceDestination done -Journal $journal }
            $results = & $take | Sort-Object Name
            $results.SourceAction | Should -Be 'Move', 'Move'
            $results[0].SourceDestination | Should -Be "$at/done/a.csv"
            $null = New-TestFile (Join-Path $folder.Local 'a.csv') 'the next one'
            Grant-TestFolder $ftp
            (& $take).SourceDestination | Should -Be "$at/done/a.1.csv"
            Get-Tree $folder.Local | Should -Be (@('done/a.1.csv', 'done/a.csv', 'done/b.csv', $oddName) | Sort-Object)
            # Nothing is there any more, and the directory is passed over.
            Receive-FtpItem "$at/*" $to -Exclude sp* -SourceAction Move -SourceDestination done -Journal $journal | Should -BeNullOrEmpty
        }

        It 'renames and deletes originals on the server' {
            $null = Receive-FtpItem "$at/a.csv" $to -SourceAction Rename -SourceDestination *.done
            $null = Receive-FtpItem "$at/b.csv" $to -SourceAction Remove
            Get-Tree $folder.Local | Should -Be (@('a.csv.done', $oddName) | Sort-Object)
            Get-Tree $to | Should -Be 'a.csv', 'b.csv'
        }

        It 'sends each file once, and moves it away here' {
            $from = (New-Item (Join-Path $here 'from') -ItemType Directory).FullName
            foreach ($file in 'x.txt', "sub/$oddName") { $null = New-TestFile (Join-Path $from $file) 'up' }
            $send = { Send-FtpItem $from "$at/tree" -Recurse -SourceAction Move -SourceDestination done -Journal $journal }
            (& $send).Status | Should -Be 'Succeeded', 'Succeeded'
            & $send | Should -BeNullOrEmpty
            Get-Tree $from | Should -Be (@('done/x.txt', "done/sub/$oddName") | Sort-Object)
            Get-Tree (Join-Path $folder.Local 'tree') | Should -Be (@('x.txt', "sub/$oddName") | Sort-Object)
            (Get-FtpJournal $journal).State | Should -Be 'Away', 'Away'
        }

        It 'goes on with what a run has left that was broken off between the copy and the original' {
            $null = Receive-FtpItem "$at/*.csv" $to -Journal $journal
            # As it is after kill -9: the one before its line was written, the other behind it.
            $lines = [IO.File]::ReadAllLines($journal) | Where-Object { -not ($_ -like '*"Taken"*' -and $_ -like '*a.csv*') }
            [IO.File]::WriteAllText($journal, ($lines -join "`n") + "`n")
            $results = Receive-FtpItem "$at/*.csv" $to -Journal $journal -SourceAction Remove | Sort-Object Name
            $results.Attempts | Should -Be 0, 0
            $results.SourceAction | Should -Be 'Remove', 'Remove'
            Get-Tree $folder.Local | Should -Be $oddName
            (Get-FtpJournal $journal | ForEach-Object { "$($_.State) $($_.Attempt)" }) | Should -Be 'Away 1', 'Away 1'
        }
    }
}

Describe 'A journal, and what becomes of originals' {
    BeforeAll {
        $ftp = Start-TestServer embedded
        $null = Connect-TestServer $ftp
    }

    BeforeEach {
        $folder = New-TestFolder $ftp
        $at = $folder.Remote
        $here = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory).FullName
        $journal = Join-Path $here 'job.journal'
        foreach ($file in 'a.csv', 'b.csv') { $null = New-TestFile (Join-Path $folder.Local $file) $file }
    }

    AfterAll { Disconnect-Ftp -All }

    It 'says with -WhatIf what would become of the original, and makes no journal' {
        $said = & (Get-PowerShellPath) -NoProfile -NonInteractive -Command @"
Import-Module '$manifest'
`$credential = New-Object Management.Automation.PSCredential '$($ftp.Credential.UserName)', (ConvertTo-SecureString '$($ftp.Credential.GetNetworkCredential().Password)' -AsPlainText -Force)
`$null = Connect-Ftp $($ftp.Host) -Port $($ftp.Port) -Credential `$credential -Tls None
Receive-FtpItem $at/a.csv '$here' -SourceAction Move -SourceDestination done -Journal '$journal' -WhatIf
"@
        "$said" | Should -Match "then move the original to 'done'"
        Get-Tree $here | Should -BeNullOrEmpty
        Get-Tree $folder.Local | Should -Be 'a.csv', 'b.csv'
    }

    It 'repairs a last line that is torn, and says so' {
        $null = Receive-FtpItem "$at/*.csv" $here -Journal $journal
        $bytes = [IO.File]::ReadAllBytes($journal)
        [IO.File]::WriteAllBytes($journal, $bytes[0..($bytes.Length - 20)])
        $null = Get-FtpJournal $journal -WarningVariable looked -WarningAction SilentlyContinue
        "$looked" | Should -BeLike '*is incomplete*The next run will remove it*'
        $null = Receive-FtpItem "$at/*.csv" $here -Journal $journal -WarningVariable warned -WarningAction SilentlyContinue
        "$warned" | Should -BeLike '*is incomplete*was removed*"state":*'
        (Get-FtpJournal $journal -WarningAction Stop).State | Should -Be 'Taken', 'Taken'
    }

    It 'refuses before anything is done <What>' -ForEach @(
        @{ What = 'a file that is no journal'; With = @{ Journal = 'text' }; Like = '*isn''t a journal of FtpTools*' }
        @{ What = 'a journal of a later version'; With = @{ Journal = 'later' }; Like = '*has the version 7*Update the module*' }
        @{ What = 'Remove without a comparison'; With = @{ SourceAction = 'Remove'; Verify = 'None' }; Like = '*-Verify None compares nothing*' }
        @{ What = 'Move to nowhere'; With = @{ SourceAction = 'Move' }; Like = '*requires a directory*' }
        @{ What = 'Rename without a pattern'; With = @{ SourceAction = 'Rename'; SourceDestination = 'done' }; Like = "*'done' isn't a valid one*" }
        @{ What = 'a destination for nothing'; With = @{ SourceDestination = 'done' }; Like = '*only be used with -SourceAction Move and Rename*' }
    ) {
        Push-Location $here
        try {
            Set-Content text 'Date,Amount'
            Set-Content later '{"journal":"FtpTools","version":7}'
            $failed = Get-ExpectedError { Receive-FtpItem "$at/*.csv" $here @With }
            $failed.Exception.Message | Should -BeLike $Like
            $failed.FullyQualifiedErrorId | Should -BeLike 'Ftp*,FtpTools.Commands.ReceiveFtpItemCommand'
            Test-Path (Join-Path $here 'a.csv') | Should -BeFalse
        }
        finally { Pop-Location }
    }

    It 'refuses -Append, which could send the same twice' {
        $file = New-TestFile (Join-Path $here 'x.log') 'x'
        (Get-ExpectedError { Send-FtpItem $file "$at/x.log" -Append -SourceAction Remove }).Exception.Message | Should -BeLike '*-Append*appended twice*'
        Test-Path $file | Should -BeTrue
    }

    It 'writes an error of its own where the original cannot be moved away, which counts' {
        # A file is where the directory should be.
        $null = New-TestFile (Join-Path $folder.Local 'done') 'in the way'
        $results = Receive-FtpItem "$at/*.csv" $here -SourceAction Move -SourceDestination done -Journal $journal -ErrorVariable failed -ErrorAction SilentlyContinue
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $failed.Count | Should -Be 2
        $failed[0].FullyQualifiedErrorId | Should -BeLike "$($results[0].SourceErrorId),*"
        $failed[0].TargetObject | Should -BeLike "$at/*"
        $summary = $results | Measure-FtpTransfer -ErrorRecord $failed
        $summary.ExitCode, $summary.Succeeded, $summary.Failed, $summary.OtherErrors | Should -Be 1, 2, 0, 2
        # From a file, too.
        $back = $results | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv
        ($back | Measure-FtpTransfer).ExitCode | Should -Be 1
        ([FtpTools.FtpTransferResult] $back[0]).SourceError | Should -Be $results[0].SourceError
        Remove-Item (Join-Path $folder.Local 'done')
        $next = Receive-FtpItem "$at/*.csv" $here -SourceAction Move -SourceDestination done -Journal $journal
        $next.Status | Should -Be 'Skipped', 'Skipped'
        $next.SourceAction | Should -Be 'Move', 'Move'
        ($next | Measure-FtpTransfer).ExitCode | Should -Be 0
    }

    It 'takes a relative directory from the file and one of a drive from there' {
        $from = New-TestFile (Join-Path $here 'from/x.txt') 'x'
        $null = New-PSDrive JournalDrive FileSystem $here
        $null = Send-FtpItem $from $at -SourceAction Move -SourceDestination JournalDrive:/kept
        Get-Tree $here | Should -Be 'kept/x.txt'
        $null = Send-FtpItem (Join-Path $here 'kept/x.txt') $at -SourceAction Move -SourceDestination ../again
        Get-Tree $here | Should -Be 'again/x.txt'
    }

    It 'gives entries that are plain, and go down the pipeline' {
        $null = Receive-FtpItem "$at/a.csv" $here -Journal $journal
        $entry = Get-FtpJournal $journal
        $entry | Should -BeOfType FtpTools.FtpJournalEntry
        $back = $entry | ConvertTo-Json | ConvertFrom-Json
        $back.RemotePath, $back.Length, $back.Run | Should -Be $entry.RemotePath, $entry.Length, $entry.Run
        (Get-Item $journal | Get-FtpJournal).RemotePath | Should -Be "$at/a.csv"
        ($entry | Get-FtpItem).FullName | Should -Be "$at/a.csv"
        "$(Get-FtpJournal $journal | Format-Table | Out-String -Width 200)" | Should -BeLike "*Taken*1*5 B*$at/a.csv*"
        $sent = New-TestFile (Join-Path $here 'up.txt') 'up'
        $null = Send-FtpItem $sent $at -Journal $journal
        (Get-FtpJournal $journal | Where-Object Direction -eq Upload | Send-FtpItem -Destination "$at/twice.txt").Source | Should -Be $sent
    }

    It 'is cleared of what is old, and asks before' {
        $null = Receive-FtpItem "$at/*.csv" $here -Journal $journal
        $before = [IO.File]::ReadAllText($journal)
        Clear-FtpJournal $journal -OlderThan (Get-Date).AddDays(1) -WhatIf
        Clear-FtpJournal $journal -OlderThan 1h
        [IO.File]::ReadAllText($journal) | Should -BeExactly $before
        $said = Clear-FtpJournal $journal -OlderThan (Get-Date).AddDays(1) -Verbose 4>&1
        "$said" | Should -BeLike '*4 lines were removed*'
        Get-FtpJournal $journal | Should -BeNullOrEmpty
        (Receive-FtpItem "$at/*.csv" $here -Journal $journal).Status | Should -Be 'Succeeded', 'Succeeded'
        (Get-ExpectedError { Get-FtpJournal (Join-Path $here none) }).FullyQualifiedErrorId | Should -BeLike 'FtpLocalFileError,*'
    }

    It 'is shared by two PowerShells at once, which take each file once' {
        foreach ($i in 1..40) { $null = New-TestFile (Join-Path $folder.Local "f$i.dat") "file $i" }
        $script = @"
`$ProgressPreference = 'SilentlyContinue'
Import-Module '$manifest'
`$credential = New-Object Management.Automation.PSCredential '$($ftp.Credential.UserName)', (ConvertTo-SecureString '$($ftp.Credential.GetNetworkCredential().Password)' -AsPlainText -Force)
`$null = Connect-Ftp $($ftp.Host) -Port $($ftp.Port) -Credential `$credential -Tls None
`$null = Receive-FtpItem $at/*.dat '$here' -SourceAction Move -SourceDestination done -Journal '$journal' | ForEach-Object { "`$(`$_.Status) `$(`$_.Name)" } | Tee-Object -Variable all
`$all
"@
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))
        $processes = foreach ($i in 1, 2) {
            $start = New-Object Diagnostics.ProcessStartInfo (Get-PowerShellPath), "-NoProfile -NonInteractive -EncodedCommand $encoded"
            $start.UseShellExecute = $false
            $start.RedirectStandardOutput = $true
            [Diagnostics.Process]::Start($start)
        }
        $lines = $processes | ForEach-Object { $_.StandardOutput.ReadToEnd() -split '\r?\n' | Where-Object { $_ } }
        @($lines -like 'Succeeded *').Count | Should -Be 40
        @($lines -like 'Failed *') | Should -BeNullOrEmpty
        @(Get-ChildItem (Join-Path $folder.Local 'done')).Count | Should -Be 40
        @(Get-FtpJournal $journal | Where-Object { $_.State -eq 'Away' -and $_.Attempt -eq 1 }).Count | Should -Be 40
    }
}
