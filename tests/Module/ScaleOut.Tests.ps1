<#
A plan on several computers, as about_FtpScaleOut has it: real SSH, with two accounts for two computers. FTPTOOLS_SCALE
says how many files the plan has.
#>

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $vsftpd = Get-TestServer | Where-Object { $_.Name -eq 'vsftpd' }
    $why = $vsftpd.Reason
    if (-not $why) {
        $said = & bash "$PSScriptRoot/../Servers/ssh-workers" check 2>&1
        if ($LASTEXITCODE) { $why = "There can be no SSH server here: $said" }
    }
    # Where nobody reads along, it is a failure.
    $skip = $why -and $env:CI -ne 'true'
}

Describe 'A plan on several computers' -ForEach @{ Skip = [bool]$skip; Why = "$why" } {
    BeforeAll {
        if ($Skip) { return }
        Import-Module "$PSScriptRoot/TestServer.psm1"
        Import-Module "$PSScriptRoot/../PowerShell.psm1"
        $ftp = Start-TestServer vsftpd
        $script = (Resolve-Path "$PSScriptRoot/../Servers/ssh-workers").Path
        $state = "$($ftp.State)-workers"
        # PowerShell as a .NET tool comes without a runtime: it is run by the dotnet whose runtime runs this one.
        $options = @('--powershell', $PSHOME, '--module', (Split-Path $manifest), '--owner-pid', $PID)
        if (-not (Test-Path "$PSHOME/libcoreclr.so")) {
            $options += '--dotnet', (Resolve-Path (Join-Path ([Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) '../../..')).Path
        }
        $ssh = & bash $script start $state @options | ConvertFrom-Json
        if ($LASTEXITCODE) { throw 'The SSH server does not start.' }
        $oldPath = $env:PATH
        $env:PATH = "$($ssh.bin):$env:PATH"
        foreach ($account in $ssh.accounts) {
            $file = Join-Path $account.home 'ftp-credential.xml'
            $ftp.Credential | Export-Clixml $file
            & chown $account.uid $file
            & chmod 600 $file
        }
        $page = [IO.File]::ReadAllText((Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'docs/en-US/about_FtpScaleOut.help.txt'))

        # Files in folders of twenty, where the workers can read them.
        function New-Tree([int] $Count) {
            $top = (New-Item (Join-Path $state ([Guid]::NewGuid())) -ItemType Directory).FullName
            foreach ($i in 1..$Count) {
                $directory = Join-Path $top "d$([math]::Floor(($i - 1) / 20))"
                $null = [IO.Directory]::CreateDirectory($directory)
                [IO.File]::WriteAllText((Join-Path $directory "$i.txt"), "$i " * 500)
            }
            $top
        }

        # What is in a folder: a name, a length and a hash a file.
        function Get-Tree([string] $Path) {
            Get-ChildItem -LiteralPath $Path -Recurse -Force -File | ForEach-Object {
                '{0} {1} {2}' -f $_.FullName.Substring($Path.Length), $_.Length, (Get-FileHash -LiteralPath $_.FullName).Hash
            } | Sort-Object -CaseSensitive
        }

        # The files by their numbers in the file system: one that is sent again has another.
        function Get-Inode([string] $Path) { & find $Path -type f -not -name '.ftptools-*' -printf '%i %T@ %p\n' | Sort-Object }

        # The script of the page, with the places and the server of this test, under way.
        function Start-SiteJob([string] $Tree, [string] $Remote, [long] $Rate) {
            $jobHome = (New-Item (Join-Path $TestDrive ([Guid]::NewGuid())) -ItemType Directory).FullName
            $ftp.Credential | Export-Clixml (Join-Path $jobHome 'ftp-credential.xml')
            $lines = [regex]::Match($page, '(?m)^        # Sync-Site\.ps1\r?\n((?:(?:        .*)?\r?\n)+)').Groups[1].Value
            $text = ($lines -replace '(?m)^        ').Replace("ComputerName = 'ftp.example.com'; Tls = 'Explicit'", "ComputerName = '$($ftp.Host)'; Port = $($ftp.Port); Tls = 'None'").
                Replace('/mnt/site /web -Mirror', "$Tree $Remote -Mirror").Replace('20MB', "$Rate").Replace('    Import-Module FtpTools', "    Import-Module $($ssh.module)/FtpTools.psd1").
                Replace("`nImport-Module FtpTools", "`nImport-Module '$manifest'")
            $text | Should -BeLike "*$Tree $Remote -Mirror*$Rate*$($ssh.module)*"
            $text | Should -Not -BeLike '*Import-Module FtpTools*'
            $file = Join-Path $jobHome 'Sync-Site.ps1'
            [IO.File]::WriteAllText($file, $text)
            $start = New-Object Diagnostics.ProcessStartInfo (Get-PowerShellPath), "-NoProfile -NonInteractive -File `"$file`""
            $start.UseShellExecute = $false
            $start.RedirectStandardOutput = $true
            $start.RedirectStandardError = $true
            $start.EnvironmentVariables['HOME'] = $jobHome
            $process = [Diagnostics.Process]::Start($start)
            [pscustomobject]@{ Process = $process; Output = $process.StandardOutput.ReadToEndAsync(); Errors = $process.StandardError.ReadToEndAsync() }
        }

        function Wait-SiteJob($Job) {
            $ended = $Job.Process.WaitForExit(300000)
            if (-not $ended) { $Job.Process.Kill() }
            $ended | Should -BeTrue -Because 'the job is to end'
            [pscustomobject]@{ ExitCode = $Job.Process.ExitCode; Output = "$($Job.Output.Result)`n$($Job.Errors.Result)" }
        }

        # The PowerShell of a worker, by the account that runs it.
        function Get-WorkerId($Account) {
            foreach ($folder in [IO.Directory]::GetDirectories('/proc')) {
                try {
                    $status = [IO.File]::ReadAllText("$folder/status")
                    $line = [IO.File]::ReadAllText("$folder/cmdline")
                }
                catch { continue }
                if ($status -match "(?m)^Uid:\s+$($Account.uid)\s" -and $status -notmatch '(?m)^Name:\s+sh$' -and $line -match '-sshs') { [int](Split-Path $folder -Leaf) }
            }
        }
    }

    AfterAll {
        if ($Skip) { return }
        $env:PATH = $oldPath
        & bash $script stop $state
    }

    BeforeEach {
        Skip-Test -If $Skip -Because "$(if ($Skip) { $Why } else { 'it runs' })"
        if ($Skip) { return }
        $folder = New-TestFolder $ftp
    }

    It 'is carried out by two workers; one dies, and the next run does what is left, and nothing twice' {
        $count = if ($env:FTPTOOLS_SCALE) { [int]$env:FTPTOOLS_SCALE } else { 200 }
        $tree = New-Tree $count
        $null = New-TestFile (Join-Path $folder.Local 'gone/old.txt') 'old'
        Grant-TestFolder $ftp
        $bytes = (Get-ChildItem $tree -Recurse -File | Measure-Object Length -Sum).Sum

        $time = [Diagnostics.Stopwatch]::StartNew()
        $job = Start-SiteJob $tree $folder.Remote ([long]($bytes / 8))
        # More than the one of both has to do, so that both have done something.
        do {
            $done = @(Get-Inode $folder.Local).Count - 1
            if ($time.Elapsed.TotalSeconds -gt 120 -or $job.Process.HasExited) { throw "The workers have not got so far: $done files. $(Wait-SiteJob $job | Out-String)" }
        } until ($done -gt $count * 0.6)
        $killed = $ssh.accounts | Where-Object { Get-WorkerId $_ } | Select-Object -Last 1
        Get-WorkerId $killed | ForEach-Object { Stop-Process -Id $_ -Force }
        $killed | Should -Not -BeNullOrEmpty
        $run = Wait-SiteJob $job
        $run.ExitCode | Should -Be 1 -Because $run.Output
        Write-Verbose "killed $($killed.name) at $done of $count; $($run.Output)"

        # Whatever has its name is whole, not all has, and nothing was deleted.
        $after = @(Get-Inode $folder.Local)
        $after.Count - 1 | Should -BeLessThan $count
        Join-Path $folder.Local 'gone/old.txt' | Should -Exist
        $all = Get-Tree $tree
        Get-Tree $folder.Local | Where-Object { $_ -notmatch '\.ftptools-|/gone/' } | Where-Object { $_ -notin $all } | Should -BeNullOrEmpty

        $again = Wait-SiteJob (Start-SiteJob $tree $folder.Remote 20MB)
        $again.ExitCode | Should -Be 0 -Because $again.Output
        Get-Tree $folder.Local | Should -BeExactly $all
        $last = @(Get-Inode $folder.Local)
        $after | Where-Object { $_ -notlike '*/gone/old.txt' -and $_ -notin $last } | Should -BeNullOrEmpty
        Join-Path $folder.Local 'gone' | Should -Not -Exist
        Write-Verbose "$($again.Output) in $($time.Elapsed)"
    }

    It 'arrives as rows that are the same plan, and comes back as rows that are the same results' {
        $tree = New-Tree 45
        $session = Connect-TestServer $ftp @{ WarningAction = 'Ignore' }
        $plan = @(Compare-FtpDirectory $tree $folder.Remote)
        $shards = @($plan | Split-FtpSyncAction -Count 2 -MaxConnection 5)
        $shards.Count | Should -Be 3
        $made = @($shards[0] | Sync-FtpDirectory -ErrorAction Stop)
        $session | Disconnect-Ftp
        $module = "$($ssh.module)/FtpTools.psd1"
        $names = @($ssh.accounts.name)
        $server = @{ ComputerName = $ftp.Host; Port = $ftp.Port; Tls = 'None' }
        # Arrays of an array, as both get them.
        $results = @(Invoke-Command -HostName $names -ScriptBlock {
            Import-Module $using:module
            $server = $using:server
            $null = Connect-Ftp @server -Credential (Import-Clixml ~/ftp-credential.xml) -WarningAction Ignore
            $mine = ($using:shards)[1 + [array]::IndexOf(@($using:names), [Environment]::UserName)]
            @{ Type = $mine[0].PSTypeNames[0]; Kind = @($mine.Kind -eq 'Upload').Count; Limit = $mine[0].MaxConnection; Ids = @($mine | ForEach-Object { ([FtpTools.FtpSyncAction]$_).Id }) }
            $mine | Sync-FtpDirectory
        })
        $told = @($results | Where-Object { $_ -is [hashtable] })
        $told.Type | Should -Be @('Deserialized.FtpTools.FtpSyncAction', 'Deserialized.FtpTools.FtpSyncAction')
        $told.Kind | Measure-Object -Sum | ForEach-Object Sum | Should -Be 45
        $told.Limit | Measure-Object -Sum | ForEach-Object Sum | Should -Be 5
        $rows = @($results | Where-Object { $_ -isnot [hashtable] })
        @($rows.PSComputerName | Sort-Object -Unique) | Should -Be $names
        @($rows | Where-Object Status -eq Succeeded).Count | Should -Be 45
        $ids = @($plan | Where-Object Kind -eq Upload).Id | Sort-Object
        @($told.Ids | Sort-Object) | Should -Be $ids
        @($rows.ActionId | Sort-Object) | Should -Be $ids
        $summary = $made + $rows | Measure-FtpTransfer
        $summary.ExitCode | Should -Be 0
        $summary.Succeeded | Should -Be 48
        $summary.Length | Should -Be (Get-ChildItem $tree -Recurse -File | Measure-Object Length -Sum).Sum
        $summary.Elapsed | Should -BeGreaterThan ([TimeSpan]::Zero)
        Get-Tree $folder.Local | Should -BeExactly (Get-Tree $tree)

        # Once more, by the other worker: what is done is seen to be done.
        $shard = $shards[1]
        $again = @(Invoke-Command -HostName $names[1] -ScriptBlock {
            Import-Module $using:module
            $server = $using:server
            $null = Connect-Ftp @server -Credential (Import-Clixml ~/ftp-credential.xml) -WarningAction Ignore
            $using:shard | Sync-FtpDirectory
        })
        @($again.Status | Sort-Object -Unique) | Should -Be 'Skipped'
    }

    It 'says what a worker without a login says' {
        $tree = New-Tree 2
        $session = Connect-TestServer $ftp @{ WarningAction = 'Ignore' }
        $shard = @(Compare-FtpDirectory $tree $folder.Remote)
        $session | Disconnect-Ftp
        $module = "$($ssh.module)/FtpTools.psd1"
        $errors = @()
        $results = Invoke-Command -HostName w1 -ScriptBlock { Import-Module $using:module; $using:shard | Sync-FtpDirectory } -ErrorAction SilentlyContinue -ErrorVariable errors
        $results | Should -BeNullOrEmpty
        @($errors.FullyQualifiedErrorId) -like 'FtpNoSession,*' | Should -Not -BeNullOrEmpty
        ($results | Measure-FtpTransfer -ErrorRecord $errors).ExitCode | Should -Be 2
    }
}
