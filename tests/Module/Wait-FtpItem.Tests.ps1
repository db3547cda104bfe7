<#
Waiting for files. Nothing here sleeps: what happens in the meantime is done when the wait has said so, by its log or its
progress.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Wait-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $session = Connect-TestServer $ftp @{ Name = 'waiting'; MaxConnection = 1 }
            $soon = @{ Stable = 0; IntervalSec = 0.1; TimeoutSec = 20 }
        }

        BeforeEach {
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            foreach ($file in 'a.csv', 'b.csv', 'c.txt', '.hidden.csv', 'sub/d.csv') { $null = New-TestFile (Join-Path $folder.Local $file) $file }
            Grant-TestFolder $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'emits all files that fit and are whole, with their session' {
            $found = @(Wait-FtpItem "$at/*.csv" @soon)
            $found.Name | Sort-Object | Should -Be 'a.csv', 'b.csv'
            $found[0] | Should -BeOfType FtpTools.FtpItem
            $found[0].Length | Should -Be 5
            $found[0].GetSession().Name | Should -Be 'waiting'
        }

        It 'looks into a directory, at single files, by wildcard in any part, and at hidden ones with -Force' {
            (Wait-FtpItem $at @soon).Name | Sort-Object | Should -Be 'a.csv', 'b.csv', 'c.txt'
            (Wait-FtpItem $at -Force @soon).Name | Should -Contain '.hidden.csv'
            (Wait-FtpItem -LiteralPath "$at/a.csv" @soon).FullName | Should -Be "$at/a.csv"
            (Wait-FtpItem "$at/s*/*.csv" @soon).FullName | Should -Be "$at/sub/d.csv"
            (Wait-FtpItem "$at/s*/d.csv" @soon).FullName | Should -Be "$at/sub/d.csv"
            Set-FtpLocation "$at/sub"
            try { (Wait-FtpItem @soon).Name | Should -Be 'd.csv' }
            finally { Set-FtpLocation / }
        }

        It 'chooses as Get-FtpChildItem does' {
            (Wait-FtpItem $at -Filter *.csv -Exclude b* @soon).Name | Should -Be 'a.csv'
            (Wait-FtpItem "$at/*" -Include *.txt, a* -MinimumSize 1 @soon).Name | Sort-Object | Should -Be 'a.csv', 'c.txt'
            (Wait-FtpItem $at -Oldest 1 @soon) | Should -HaveCount 1
            (Get-ExpectedError { Wait-FtpItem $at -MinimumSize 1KB -TimeoutSec 0 }).FullyQualifiedErrorId | Should -Be 'FtpTimeout,FtpTools.Commands.WaitFtpItemCommand'
        }

        It 'hands each to the next cmdlet, on the same connection' {
            $here = New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory
            $results = @(Wait-FtpItem "$at/*.csv" -Stable 0.2 -IntervalSec 0.1 -TimeoutSec 20 | Receive-FtpItem -Destination $here.FullName)
            $results.Status | Should -Be 'Succeeded', 'Succeeded'
            Get-ChildItem $here.FullName | ForEach-Object Name | Sort-Object | Should -Be 'a.csv', 'b.csv'
        }

        It 'waits for what is piped: items, paths and results' {
            (Get-FtpItem "$at/*.csv" | Wait-FtpItem @soon).Name | Sort-Object | Should -Be 'a.csv', 'b.csv'
            ("$at/a.csv", "$at/c.txt" | Wait-FtpItem @soon).Name | Should -Be 'a.csv', 'c.txt'
            $local = New-TestFile (Join-Path $TestDrive 'sent.csv') 'sent'
            (Send-FtpItem $local "$at/" | Wait-FtpItem @soon).FullName | Should -Be "$at/sent.csv"
        }

        It 'waits for a file that grows by another session, until it does not' {
            $other = Connect-TestServer $ftp @{ Name = 'writing' }
            $local = New-TestFile (Join-Path $TestDrive 'grow.dat') 'first.'
            $null = Send-FtpItem $local "$at/grow.dat" -Session $other
            $more = New-TestFile (Join-Path $TestDrive 'more.dat') 'more.'
            # Each look has the file grow, five times: what was said of the last look comes as progress. A slow machine may
            # take a second to have it grow.
            $state = @{ Appends = 0; Seen = @() }
            $shell = [PowerShell]::Create()
            try {
                $null = $shell.AddScript({
                    param($Manifest, $Session, $Path)
                    Import-Module $Manifest
                    Wait-FtpItem $Path -Session $Session -Stable 3 -IntervalSec 0.2 -TimeoutSec 60
                }).AddArgument($manifest).AddArgument($session).AddArgument("$at/grow.dat")
                $null = Register-ObjectEvent $shell.Streams.Progress DataAdded -SourceIdentifier looks
                $running = $shell.BeginInvoke()
                while ($state.Appends -lt 5) {
                    Wait-Event looks -Timeout 20 | Remove-Event
                    $running.IsCompleted | Should -BeFalse
                    $null = Send-FtpItem $more "$at/grow.dat" -Append -Session $other
                    $state.Appends++
                }
                $found = @($shell.EndInvoke($running))
            }
            finally {
                Unregister-Event looks
                Get-Event looks -ErrorAction Ignore | Remove-Event
                $shell.Dispose()
                Disconnect-Ftp $other
            }
            $found | Should -HaveCount 1
            $found[0].Length | Should -Be (6 + 5 * 5)
        }

        It 'takes a marker for each file, or one for all, and emits none' {
            (Get-ExpectedError { Wait-FtpItem "$at/*" -Marker *.done -TimeoutSec 0 }).Exception.Message | Should -BeLike "*'a.csv' has no marker 'a.csv.done'*"
            $null = New-TestFile (Join-Path $folder.Local 'a.csv.done')
            $null = New-TestFile (Join-Path $folder.Local 'c.done')
            Grant-TestFolder $ftp
            (Wait-FtpItem "$at/*" -Marker *.done -Count 2 -IntervalSec 0.1 -TimeoutSec 20).Name | Sort-Object | Should -Be 'a.csv', 'c.txt'
            (Wait-FtpItem "$at/a.csv" -Marker *.done -IntervalSec 0.1 -TimeoutSec 20).Name | Should -Be 'a.csv'
            $null = New-TestFile (Join-Path $folder.Local 'all.ok')
            Grant-TestFolder $ftp
            (Wait-FtpItem "$at/*.csv" -Marker all.ok -IntervalSec 0.1 -TimeoutSec 20).Name | Sort-Object | Should -Be 'a.csv', 'b.csv'
        }

        It 'waits for what has not changed for a while, by its time' {
            # A minute is as exact as some tell it.
            (Get-Item (Join-Path $folder.Local 'a.csv')).LastWriteTimeUtc = [DateTime]::UtcNow.AddHours(-3)
            (Wait-FtpItem "$at/*.csv" -MinimumAge 2h @soon).Name | Should -Be 'a.csv'
            $failure = Get-ExpectedError { Wait-FtpItem "$at/b.csv" -MinimumAge (New-TimeSpan -Hours 2) -Stable 0 -TimeoutSec 0 }
            $failure.Exception.Message | Should -BeLike "*'b.csv' was modified at *, which is less than 02:00:00 ago (5 bytes)*"
        }

        It 'is FtpTimeout when the time is over, which -ErrorAction Stop makes the end of a script' {
            $failure = Get-ExpectedError { Wait-FtpItem "$at/*.csv" -Count 3 -Stable 0 -TimeoutSec 0.3 -IntervalSec 0.1 }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpTimeout,FtpTools.Commands.WaitFtpItemCommand'
            $failure.CategoryInfo.Category | Should -Be 'OperationTimeout'
            $failure.TargetObject | Should -Be "$at/*.csv"
            $failure.Exception.Server | Should -Be $session.Server
            $failure.Exception.Message | Should -BeLike "*2 of 3 files are complete.*"
            $failure = Get-ExpectedError { Wait-FtpItem "$at/none/*.csv" -TimeoutSec 0 }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpTimeout,FtpTools.Commands.WaitFtpItemCommand'
            $failure.Exception.Message | Should -BeLike "*'$at/none'*"
            # Nothing is emitted then, and what is behind it ends as it should.
            @(Wait-FtpItem "$at/*.csv" -Count 3 -Stable 0 -TimeoutSec 0 -ErrorAction SilentlyContinue | Receive-FtpItem -Destination $TestDrive) | Should -BeNullOrEmpty
            { Wait-FtpItem "$at/none" -TimeoutSec 0 -ErrorAction Stop } | Should -Throw -ErrorId 'FtpTimeout,*'
        }

        It 'claims what it emits, under another name or in another directory' {
            (Wait-FtpItem "$at/*.csv" -Claim *.mine @soon).FullName | Sort-Object | Should -Be "$at/a.csv.mine", "$at/b.csv.mine"
            (Wait-FtpItem "$at/c.txt" -Claim work/* @soon).FullName | Should -Be "$at/work/c.txt"
            Get-ChildItem $folder.Local -Recurse -File | ForEach-Object Name | Where-Object { $_ -notlike '.*' } | Sort-Object | Should -Be 'a.csv.mine', 'b.csv.mine', 'c.txt', 'd.csv'
            # What has such a name already is left, and what was claimed before is not replaced.
            $null = New-TestFile (Join-Path $folder.Local 'a.csv') 'another one'
            Grant-TestFolder $ftp
            $again = Wait-FtpItem "$at/a*" -Claim *.mine @soon
            $again.Name | Should -BeLike 'a-????????.csv.mine'
            $again.Length | Should -Be 11
            Get-Content (Join-Path $folder.Local 'a.csv.mine') | Should -Be 'a.csv'
        }

        It 'claims one at a time, as many as are taken' {
            $one = Wait-FtpItem "$at/*.csv" -Claim *.mine @soon | Select-Object -First 1
            $one.Name | Should -BeLike '?.csv.mine'
            Get-ChildItem $folder.Local -Filter *.mine | Should -HaveCount 1
        }

        It 'gives each file to one of two that claim' {
            1..30 | ForEach-Object { $null = New-TestFile (Join-Path $folder.Local "many/$_.csv") "number $_" }
            Grant-TestFolder $ftp
            $shells = foreach ($worker in 'w1', 'w2') {
                $shell = [PowerShell]::Create().AddScript({
                    param($Manifest, $Server, $Credential, $Path, $Worker)
                    Import-Module $Manifest
                    $null = Connect-Ftp $Server.Host -Port $Server.Port -Credential $Credential -Tls None
                    # Until there is none left.
                    while ($got = Wait-FtpItem "$Path/*.csv" -Claim "*.$Worker" -Stable 0 -IntervalSec 0.1 -TimeoutSec 0.5 -ErrorAction SilentlyContinue) { $got }
                    Disconnect-Ftp
                }).AddArgument($manifest).AddArgument($ftp).AddArgument($ftp.Credential).AddArgument("$at/many").AddArgument($worker)
                @{ Shell = $shell; Running = $shell.BeginInvoke(); Worker = $worker }
            }
            $got = foreach ($one in $shells) {
                foreach ($item in $one.Shell.EndInvoke($one.Running)) { [pscustomobject]@{ Name = $item.Name; Worker = $one.Worker } }
                $one.Shell.Streams.Error | Should -BeNullOrEmpty
                $one.Shell.Dispose()
            }
            $got | Should -HaveCount 30
            ($got.Name -replace '\.w\d$' | Sort-Object -Unique) | Should -HaveCount 30
            foreach ($one in $got) { $one.Name | Should -BeLike "*.$($one.Worker)" }
            Get-ChildItem (Join-Path $folder.Local 'many') | ForEach-Object Name | Sort-Object | Should -Be @($got.Name | Sort-Object)
        }

        It 'renames nothing with -WhatIf' {
            Wait-FtpItem "$at/*.csv" -Claim *.mine -WhatIf @soon | Should -BeNullOrEmpty
            Get-ChildItem $folder.Local -File -Filter *.csv | ForEach-Object Name | Should -Contain 'a.csv'
        }

        It 'ends within a second when it is stopped' {
            $shell = [PowerShell]::Create().AddScript({
                param($Manifest, $Session, $Path)
                Import-Module $Manifest
                Wait-FtpItem $Path -Session $Session -IntervalSec 3600
            }).AddArgument($manifest).AddArgument($session).AddArgument("$at/none")
            try {
                $null = Register-ObjectEvent $shell.Streams.Progress DataAdded -SourceIdentifier looked
                $null = $shell.BeginInvoke()
                Wait-Event looked -Timeout 20 | Should -Not -BeNullOrEmpty
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
            }
            finally {
                Unregister-Event looked
                Get-Event looked -ErrorAction Ignore | Remove-Event
                $shell.Dispose()
            }
            (Get-FtpItem "$at/a.csv").Name | Should -Be 'a.csv'
        }
    }
}

Describe 'Wait-FtpItem, at any server' -ForEach ($servers | Where-Object Name -eq 'embedded') -Skip:($servers | Where-Object Name -eq 'embedded').Skip {
    BeforeAll {
        $ftp = Start-TestServer embedded
        $folder = New-TestFolder $ftp
        $at = $folder.Remote
        $null = New-TestFile (Join-Path $folder.Local 'a.csv') 'a.csv'
    }

    AfterAll { Disconnect-Ftp -All }

    It 'keeps its looks out of the log and of -Verbose' {
        $log = Join-Path $TestDrive 'wait.log'
        $null = Connect-TestServer $ftp @{ LogPath = $log; LogLevel = 'Trace' }
        $before = @(Get-Content $log).Count
        $said = Wait-FtpItem "$at/*.csv" -Count 2 -Stable 0 -IntervalSec 0.1 -TimeoutSec 1 -Verbose -Debug -ErrorAction SilentlyContinue 4>&1 5>&1
        $lines = @(Get-Content $log | Select-Object -Skip $before)
        $lines | Should -HaveCount 3
        $lines[0] | Should -BeLike "*INFORMATION*Waiting for '$at/?.csv', with a check every 0.1 s*"
        $lines[1] | Should -BeLike "*'$at/a.csv' is complete (5 bytes)."
        $lines[2] | Should -BeLike '*timed out after *1 of 2 files are complete.'
        @($said) | Should -HaveCount 3
        Disconnect-Ftp
    }

    It 'goes on when the server was away, and says so once' {
        $null = Connect-TestServer $ftp
        $relay = Start-TestRelay $ftp
        $session = Connect-Ftp 127.0.0.1 -Port $relay.Port -Credential $ftp.Credential -Tls None -Name 'relayed'
        $shell = [PowerShell]::Create().AddScript({
            param($Manifest, $Session, $Path)
            Import-Module $Manifest
            Wait-FtpItem $Path -Session $Session -Stable 0 -IntervalSec 0.2 -TimeoutSec 60
        }).AddArgument($manifest).AddArgument($session).AddArgument("$at/later/*.csv")
        try {
            $null = Register-ObjectEvent $shell.Streams.Progress DataAdded -SourceIdentifier looks
            $running = $shell.BeginInvoke()
            foreach ($drop in 1..3) {
                Wait-Event looks -Timeout 20 | Remove-Event
                $relay.Drop()
            }
            $null = New-TestFile (Join-Path $folder.Local 'later/x.csv') 'x'
            $found = @($shell.EndInvoke($running))
            $found.Name | Should -Be 'x.csv'
            @($shell.Streams.Warning).Count | Should -BeLessOrEqual 1
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally {
            Unregister-Event looks
            Get-Event looks -ErrorAction Ignore | Remove-Event
            $shell.Dispose()
            $relay.Dispose()
            Disconnect-Ftp -All
        }
    }

    It 'tells of a line that cannot be read once' {
        $odd = Start-TestServer embedded -Option '--odd-line', '"this is no line of a listing"', '--without-facts'
        $null = Connect-TestServer $odd
        try {
            $null = Wait-FtpItem '/*.csv' -Stable 0 -IntervalSec 0.1 -TimeoutSec 1 -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures.FullyQualifiedErrorId | Should -Be 'FtpListingUnparsed,FtpTools.Commands.WaitFtpItemCommand', 'FtpTimeout,FtpTools.Commands.WaitFtpItemCommand'
        }
        finally { Disconnect-Ftp }
    }

    It 'takes spans of time as people write them: <_>' -ForEach '0.5', '30s', '2m', '00:10:00', '1h', '1d', '1.5h' {
        $null = Connect-TestServer $ftp
        try {
            $failure = Get-ExpectedError { Wait-FtpItem "$at/a.csv" -Stable $_ -TimeoutSec 0 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpTimeout,*'
            $expected = @{ '0.5' = '00:00:00.5000000'; '30s' = '00:00:30'; '2m' = '00:02:00'; '00:10:00' = '00:10:00'; '1h' = '01:00:00'; '1d' = '1.00:00:00'; '1.5h' = '01:30:00' }[$_]
            $failure.Exception.Message | Should -BeLike "*less than $expected (5 bytes)*"
        }
        finally { Disconnect-Ftp }
    }

    It 'takes them as PowerShell reads them without quotes' {
        $null = Connect-TestServer $ftp
        try {
            # 30s is a number to PowerShell, and 1d another one.
            (Get-ExpectedError { Wait-FtpItem "$at/a.csv" -Stable 30s -TimeoutSec 0 }).Exception.Message | Should -BeLike '*less than 00:00:30 *'
            (Get-ExpectedError { Wait-FtpItem "$at/a.csv" -Stable 1d -TimeoutSec 0 }).Exception.Message | Should -BeLike '*less than 1.00:00:00 *'
            (Get-ExpectedError { Wait-FtpItem "$at/a.csv" -Stable 10 -TimeoutSec 0 }).Exception.Message | Should -BeLike '*less than 00:00:10 *'
            (Get-ExpectedError { Wait-FtpItem "$at/a.csv" -Stable (New-TimeSpan -Minutes 3) -TimeoutSec 0 }).Exception.Message | Should -BeLike '*less than 00:03:00 *'
        }
        finally { Disconnect-Ftp }
    }

    It 'refuses what is no span of time, no time to come, no marker and no name for a claim' {
        $null = Connect-TestServer $ftp
        try {
            foreach ($span in 'soon', '-5', '5 parsecs', '99999999d') { { Wait-FtpItem $at -Stable $span } | Should -Throw '*isn''t a valid length of time*' }
            foreach ($time in 'later', '25:00', 6) { { Wait-FtpItem $at -Until $time } | Should -Throw '*Specify a time of day*' }
            { Wait-FtpItem $at -Until ([DateTime]::Now.AddMinutes(-1)) } | Should -Throw '*is in the past*'
            (Get-ExpectedError { Wait-FtpItem $at -Marker 'done/*' }).FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
            (Get-ExpectedError { Wait-FtpItem $at -Claim 'mine' }).FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
        }
        finally { Disconnect-Ftp }
    }

    It 'waits until a time of day' {
        $null = Connect-TestServer $ftp
        try {
            $now = [DateTime]::Now
            $ends = $now.AddSeconds(2)
            $failure = Get-ExpectedError { Wait-FtpItem "$at/none" -Until $ends.ToString('HH:mm:ss') -IntervalSec 60 }
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpTimeout,*'
            ([DateTime]::Now - $now).TotalSeconds | Should -BeLessThan 20
        }
        finally { Disconnect-Ftp }
    }

    It 'completes the time of day' {
        (TabExpansion2 'Wait-FtpItem -Until 06' 22).CompletionMatches.CompletionText | Should -Be '06:00'
        (TabExpansion2 'Wait-FtpItem -Until ' 20).CompletionMatches.Count | Should -BeGreaterThan 5
    }

    It 'has a script end with a code of its own' {
        $script = New-TestFile (Join-Path $TestDrive 'job.ps1') @'
param($Manifest, $Computer, $Port, $User, $Word, $Path)
$ErrorActionPreference = 'Stop'
Import-Module $Manifest
$null = Connect-Ftp $Computer -Port $Port -Tls None -Credential ([pscredential]::new($User, (ConvertTo-SecureString $Word -AsPlainText -Force)))
try { Wait-FtpItem $Path -Stable 0 -TimeoutSec 0.2 }
catch {
    if ($_.FullyQualifiedErrorId -like 'FtpTimeout,*WaitFtpItem*') { exit 4 }
    throw
}
'@
        $arguments = $manifest, $ftp.Host, $ftp.Port, $ftp.Credential.UserName, $ftp.Credential.GetNetworkCredential().Password
        $null = & (Get-PowerShellPath) -NoProfile -File $script @arguments "$at/none"
        $LASTEXITCODE | Should -Be 4
        $null = & (Get-PowerShellPath) -NoProfile -File $script @arguments "$at/a.csv"
        $LASTEXITCODE | Should -Be 0
        # Without the catch it is 1.
        [IO.File]::WriteAllText($script, ([IO.File]::ReadAllText($script) -replace '(?s)try \{ (.*?) \}\r?\ncatch.*', '$1'))
        $null = & (Get-PowerShellPath) -NoProfile -File $script @arguments "$at/none" 2>&1
        $LASTEXITCODE | Should -Be 1
    }
}

foreach ($server in $servers | Where-Object { $_.Name -ne 'embedded' }) {
    Describe "Wait-FtpItem -Claim in processes of their own, <Name>" -ForEach $server -Skip:$server.Skip {
        It 'gives each file to one of two machines, also while they still come' {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $script = New-TestFile (Join-Path $TestDrive 'worker.ps1') @'
param($Manifest, $Computer, $Port, $User, $Word, $Path, $Worker)
Import-Module $Manifest
$null = Connect-Ftp $Computer -Port $Port -Tls None -Credential ([pscredential]::new($User, (ConvertTo-SecureString $Word -AsPlainText -Force)))
# Until there are none any more.
do {
    $got = @(Wait-FtpItem "$Path/*.csv" -Claim "$Worker/*" -Stable 1.5 -IntervalSec 0.3 -TimeoutSec 6 -ErrorAction SilentlyContinue -ErrorVariable failures)
    $got | ForEach-Object { "$($_.Name) $($_.Length)" }
    $failures | Where-Object FullyQualifiedErrorId -NotLike 'FtpTimeout,*' | ForEach-Object { "error: $_" }
} while ($got)
'@
            $null = Connect-TestServer $ftp
            try {
                $arguments = $manifest, $ftp.Host, $ftp.Port, $ftp.Credential.UserName, $ftp.Credential.GetNetworkCredential().Password, $folder.Remote
                $workers = foreach ($worker in 'w1', 'w2') {
                    $out = Join-Path $TestDrive "$worker.txt"
                    $line = @('-NoProfile', '-File', "`"$script`"") + ($arguments | ForEach-Object { "`"$_`"" }) + $worker
                    @{ Out = $out; Process = Start-Process (Get-PowerShellPath) -ArgumentList $line -RedirectStandardOutput $out -PassThru -NoNewWindow }
                }
                # In the meantime they come, each in two pieces.
                foreach ($i in 1..20) {
                    $null = New-TestFile (Join-Path $TestDrive "$i.csv") ('x' * $i)
                    $null = Send-FtpItem (Join-Path $TestDrive "$i.csv") "$($folder.Remote)/$i.csv" -Direct
                    $null = Send-FtpItem (Join-Path $TestDrive "$i.csv") "$($folder.Remote)/$i.csv" -Append
                }
                $got = foreach ($one in $workers) {
                    $one.Process.WaitForExit(60000) | Should -BeTrue
                    @(Get-Content $one.Out)
                }
                $got | Sort-Object | Should -Be @(1..20 | ForEach-Object { "$_.csv $(2 * $_)" } | Sort-Object)
                Get-ChildItem $folder.Local -File | Should -BeNullOrEmpty
                @(Get-ChildItem (Join-Path $folder.Local 'w?/*')) | Should -HaveCount 20
            }
            finally { Disconnect-Ftp -All }
        }
    }
}
