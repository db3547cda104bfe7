<#
Four runspaces do what comes to mind, on a server that fails one time in twenty. What succeeded has done it, and at the end
nothing is left: no part, no connection, no handle, no thread, no memory. FTPTOOLS_SOAK_MIN says for how many minutes.
#>
BeforeDiscovery { Import-Module "$PSScriptRoot/TestServer.psm1" }

Describe 'A long time on a server that fails' {
    BeforeAll {
        $switch = Join-Path $TestDrive 'unreliable'
        $ftp = Start-TestServer embedded -Option '--unreliable-while', "`"$switch`""
        $minutes = if ($env:FTPTOOLS_SOAK_MIN) { [double] $env:FTPTOOLS_SOAK_MIN } else { 0.3 }

        # One runspace's work. It emits what it did, a line each; what is wrong is thrown.
        $work = {
            param($manifest, $ftp, $folder, $here, $end, $seed)
            Import-Module $manifest
            $ErrorActionPreference = 'Stop'
            $random = New-Object Random $seed
            $with = @{ Port = $ftp.Port; Credential = $ftp.Credential; Tls = 'None'; TimeoutSec = 2; DataTimeoutSec = 2 }
            $counts = @{}
            function Count([string] $What) { $counts[$What] = 1 + $counts[$What] }
            function New-Content([string] $Path, [int] $Length) {
                $bytes = New-Object byte[] $Length
                $random.NextBytes($bytes)
                [IO.File]::WriteAllBytes($Path, $bytes)
            }
            function Assert-Same([string] $One, [string] $Other) {
                if ((Get-FileHash -LiteralPath $One).Hash -ne (Get-FileHash -LiteralPath $Other).Hash) { throw "$One and $Other are not alike." }
            }

            # Runs a command, again while it fails, for it may: with -Resume, which leaves no parts in the end.
            function Invoke-Stubbornly([scriptblock] $Command) {
                for ($try = 1; ; $try++) {
                    try {
                        if (-not $script:session -or $script:session.State -eq 'Closed') { $script:session = Connect-Ftp $ftp.Host @with }
                        return & $Command
                    }
                    catch {
                        if ($_.FullyQualifiedErrorId -notlike 'Ftp*') { throw }
                        Count ($_.FullyQualifiedErrorId -replace ',.*')
                        if ($try -gt 60) { throw }
                    }
                }
            }

            $number = 0
            while ([DateTime]::UtcNow -lt $end) {
                $number++
                $name = "file $number.bin"
                $file = Join-Path $here $name
                $length = $random.Next(3MB)
                switch ($random.Next(6)) {
                    0 {
                        New-Content $file $length
                        $null = Invoke-Stubbornly { Send-FtpItem $file "$($folder.Remote)/" -Session $session -Resume -RetryCount 1 }
                        Assert-Same $file (Join-Path $folder.Local $name)
                        $null = Invoke-Stubbornly { if (Test-FtpPath "$($folder.Remote)/$name" -Session $session) { Remove-FtpItem "$($folder.Remote)/$name" -Session $session -Confirm:$false } }
                        if (Test-Path (Join-Path $folder.Local $name)) { throw "$name was not removed." }
                        Count 'sent'
                    }
                    1 {
                        $from = Join-Path $folder.Local $name
                        New-Content $from $length
                        $null = Invoke-Stubbornly { Receive-FtpItem "$($folder.Remote)/$name" $file -Session $session -Resume -RetryCount 1 }
                        Assert-Same $from $file
                        Remove-Item $from
                        Count 'received'
                    }
                    2 {
                        $from = Join-Path $folder.Local $name
                        New-Content $from (9MB + $random.Next(1MB))
                        $null = Invoke-Stubbornly { Receive-FtpItem "$($folder.Remote)/$name" $file -Session $session -Resume -Segment 2 -RetryCount 1 }
                        Assert-Same $from $file
                        Remove-Item $from
                        Count 'received in segments'
                    }
                    3 {
                        $tree = New-Item (Join-Path $here "tree $number/sub") -ItemType Directory -Force
                        foreach ($i in 1..8) { New-Content (Join-Path $tree.FullName "f$i") $random.Next(100KB) }
                        $null = Invoke-Stubbornly { Send-FtpItem $tree.Parent.FullName "$($folder.Remote)/" -Recurse -Session $session -Resume -RetryCount 1 }
                        $back = Join-Path $here "back $number"
                        $null = Invoke-Stubbornly { Receive-FtpItem "$($folder.Remote)/tree $number" $back -Recurse -Session $session -Resume -RetryCount 1 }
                        # With the folder there already, a second call receives into it.
                        if (Test-Path "$back/tree $number") { $back = "$back/tree $number" }
                        foreach ($i in 1..8) { Assert-Same (Join-Path $tree.FullName "f$i") "$back/sub/f$i" }
                        $null = Invoke-Stubbornly { if (Test-FtpPath "$($folder.Remote)/tree $number" -Session $session) { Remove-FtpItem "$($folder.Remote)/tree $number" -Recurse -Session $session -Confirm:$false } }
                        Count 'trees'
                    }
                    4 {
                        $names = 1..20 | ForEach-Object { "n$_" }
                        $list = Join-Path $folder.Local "list $number"
                        $null = New-Item $list -ItemType Directory
                        foreach ($one in $names) { [IO.File]::WriteAllText("$list/$one", $one) }
                        $items = Invoke-Stubbornly { Get-FtpChildItem "$($folder.Remote)/list $number" -Session $session }
                        if (Compare-Object $names $items.Name) { throw "The listing of 'list $number' is not true." }
                        Remove-Item $list -Recurse
                        Count 'listed'
                    }
                    5 {
                        $script:session | Where-Object { $_ } | Disconnect-Ftp
                        $script:session = $null
                        Count 'disconnected'
                    }
                }
                $left = @(Get-ChildItem $here -Recurse -Force -Filter '.ftptools-*')
                if ($left) { throw "After '$name' parts are left: $left" }
                Get-ChildItem $here | Remove-Item -Recurse
            }

            $script:session | Where-Object { $_ } | Disconnect-Ftp
            # With -Recurse a failed transfer leaves parts of files that the next call may not have come to.
            $left = @(Get-ChildItem $here, $folder.Local -Recurse -Force -Filter '.ftptools-*')
            if ($left) { throw "Parts are left: $left" }
            ($counts.GetEnumerator() | Sort-Object Name | ForEach-Object { "$($_.Value) $($_.Name)" }) -join ', '
        }

        function Measure-Process {
            foreach ($i in 1..3) { [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
            $process = Get-Process -Id $PID
            $handles = if (Test-Path /proc/self/fd) { @([IO.Directory]::GetFileSystemEntries('/proc/self/fd')).Count } else { $process.HandleCount }
            [pscustomobject]@{ Handles = $handles; Threads = $process.Threads.Count; Memory = [GC]::GetTotalMemory($true) }
        }

        function Invoke-Work([double] $Minutes) {
            $null = New-Item $switch -ItemType File -Force
            $end = [DateTime]::UtcNow.AddMinutes($Minutes)
            $shells = foreach ($i in 1..4) {
                $folder = New-TestFolder $ftp
                $here = (New-Item (Join-Path $TestDrive "here $i") -ItemType Directory -Force).FullName
                $shell = [PowerShell]::Create().AddScript($work)
                foreach ($argument in $manifest, $ftp, $folder, $here, $end, (Get-Random)) { $null = $shell.AddArgument($argument) }
                [pscustomobject]@{ Shell = $shell; Run = $shell.BeginInvoke() }
            }
            foreach ($one in $shells) {
                try { $one.Shell.EndInvoke($one.Run) }
                finally { $one.Shell.Runspace.Dispose(); $one.Shell.Dispose() }
            }
        }
    }

    It 'leaves nothing and tells nothing wrong' {
        # What the first time costs, of code and of caches, is no leak.
        $null = Invoke-Work ([Math]::Min(0.2, $minutes))
        $before = Measure-Process
        $did = Invoke-Work $minutes
        $did | Should -HaveCount 4
        $did | Write-Host
        $end = [DateTime]::UtcNow.AddSeconds(20)
        do { $after = Measure-Process } while (($after.Handles -gt $before.Handles + 5 -or $after.Threads -gt $before.Threads + 8) -and [DateTime]::UtcNow -lt $end)
        Write-Host "Handles $($before.Handles) -> $($after.Handles), threads $($before.Threads) -> $($after.Threads), memory $([int] ($before.Memory / 1MB)) -> $([int] ($after.Memory / 1MB)) MiB"
        $after.Handles | Should -BeLessOrEqual ($before.Handles + 5)
        $after.Threads | Should -BeLessOrEqual ($before.Threads + 8)
        $after.Memory | Should -BeLessThan ($before.Memory * 1.3 + 20MB)
    }
}
