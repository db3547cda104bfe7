<#
.SYNOPSIS
Runs the Pester suite of this folder, several files at a time, and gives back what passed, failed and was skipped.
.DESCRIPTION
Much of what the tests do is waiting, and one process leaves half of a small machine idle. Each worker is a process with
servers, ports and folders of its own, and takes the next file of a queue until there is none. What a file prints is shown
when it has ended. A file that its worker does not bring to an end is a failure; another worker goes on with the rest.
#>
param(
    # The manifest of Pester.
    [Parameter(Mandatory)] [string] $Pester,

    # A folder for the result of each file, JSON as Invoke-ModuleTest.ps1 writes it.
    [Parameter(Mandatory)] [string] $ResultFolder,

    # The PowerShell to test in.
    [Parameter(Mandatory)] [string] $Shell,

    # The files to run, as 'Send-*', if not all.
    [string[]] $Name = '*',

    [int] $WorkerCount = [Math]::Min(4, [Environment]::ProcessorCount),

    # Where the files of tests are.
    [string] $Path = $PSScriptRoot
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

# The long ones come first, lest one is left alone at the end; then the others by their size.
$long = 'MainJob', 'Pipeline', 'Examples', 'Wait-FtpItem', 'Test-FtpConnection', 'Receive-FtpItem', 'Send-FtpItem',
    'Connect-Ftp', 'Automation', 'Profile', 'Copy-FtpItem', 'Sync-FtpDirectory', 'Package', 'Killed', 'Import', 'Workers'
# These have the machine to themselves, after the others: they use all of it with the processes that they start, or four
# runspaces, and look at how long things take.
$alone = 'Firewalls', 'ScaleOut', 'Soak'

$names = @(Get-ChildItem -LiteralPath $Path -Filter *.Tests.ps1 | Sort-Object Length -Descending | ForEach-Object { $_.Name -replace '\.Tests\.ps1$' } |
    Where-Object { $file = $_; $Name | Where-Object { $file -like $_ } })
if (-not $names) { throw "No file of tests is like '$Name'." }
$first = @($long | Where-Object { $_ -in $names }) + @($names | Where-Object { $_ -notin $long -and $_ -notin $alone })
$last = @($alone | Where-Object { $_ -in $names })

# A line with this, which no test prints, comes from a worker when it takes a file, and when it has ended one.
$mark = "== $([Guid]::NewGuid().ToString('N'))"
$null = New-Item -ItemType Directory -Force $ResultFolder
$ResultFolder = (Resolve-Path -LiteralPath $ResultFolder).Path
Get-ChildItem -LiteralPath $ResultFolder | Remove-Item -Force
$failed = New-Object Collections.Generic.List[string]

function Start-Worker {
    $arguments = '-NoProfile', '-NonInteractive', '-File', "$PSScriptRoot/Invoke-QueuedModuleTest.ps1", '-Pester', $Pester, '-Queue', $ResultFolder, '-Mark', $mark
    $start = New-Object Diagnostics.ProcessStartInfo $Shell, (@($arguments | ForEach-Object { "`"$_`"" }) -join ' ')
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject]@{
        Process = $process
        Line    = $process.StandardOutput.ReadLineAsync()
        File    = ''
        Output  = New-Object Text.StringBuilder
        Time    = [Diagnostics.Stopwatch]::StartNew()
    }
}

# What a worker has printed since it took its file, with the file above it.
function Show-Output($Worker, [string] $End = 'took') {
    if ($Worker.File) { Write-Host ('-- {0} {1} {2:0} s' -f $Worker.File, $End, $Worker.Time.Elapsed.TotalSeconds) }
    if ($Worker.Output.Length) { Write-Host $Worker.Output.ToString() -NoNewline }
    $null = $Worker.Output.Clear()
}

function Receive-Line($Worker) {
    $line = $Worker.Line.Result
    $at = $line.IndexOf($mark, [StringComparison]::Ordinal)
    if ($at -lt 0) { $null = $Worker.Output.AppendLine($line) }
    else {
        # Something that did not end its line.
        if ($at) { $null = $Worker.Output.AppendLine($line.Substring(0, $at)) }
        Show-Output $Worker
        $Worker.File = $line.Substring($at + $mark.Length).Trim()
        $Worker.Time.Restart()
    }
    $Worker.Line = $Worker.Process.StandardOutput.ReadLineAsync()
}

# Gives back whether the worker that has ended did so in the midst of a file.
function Complete-Worker($Worker) {
    $Worker.Process.WaitForExit()
    $code = $Worker.Process.ExitCode
    if ($Worker.File) {
        Show-Output $Worker "had a worker that ended with code $code after"
        $failed.Add("$($Worker.File): its worker ended with code $code")
    }
    else {
        Show-Output $Worker
        if ($code) { $failed.Add("A worker ended with code $code") }
    }
    $Worker.Process.Dispose()
    [bool]$Worker.File
}

function Invoke-Queue([string[]] $File, [int] $Count) {
    if (-not $File) { return }
    [IO.File]::WriteAllLines((Join-Path $ResultFolder 'queue'), [string[]]@($File | ForEach-Object { Join-Path $Path "$_.Tests.ps1" }))
    $workers = New-Object Collections.Generic.List[object]
    foreach ($i in 1..[Math]::Min($Count, $File.Count)) { $workers.Add((Start-Worker)) }
    while ($workers.Count) {
        $i = [Threading.Tasks.Task]::WaitAny([Threading.Tasks.Task[]]@($workers | ForEach-Object Line), 1000)
        if ($i -ge 0 -and $null -ne $workers[$i].Line.Result) {
            Receive-Line $workers[$i]
            continue
        }
        # Something that a dead worker had started may hold its output open for ever.
        $ended = if ($i -ge 0) { $workers[$i] } else { $workers | Where-Object { $_.Process.HasExited } | Select-Object -First 1 }
        if ($ended) {
            $null = $workers.Remove($ended)
            if (Complete-Worker $ended) { $workers.Add((Start-Worker)) }
        }
    }
    foreach ($one in $File) {
        $json = Join-Path $ResultFolder "$one.json"
        if (Test-Path -LiteralPath $json) { Get-Content -LiteralPath $json -Raw -Encoding UTF8 | ConvertFrom-Json }
        elseif (-not ($failed -match "^$([regex]::Escape($one)): ")) { $failed.Add("${one}: no worker has run it") }
    }
}

$parts = @(Invoke-Queue $first $WorkerCount; Invoke-Queue $last 1)
[pscustomobject]@{
    Passed  = [int]($parts | Measure-Object Passed -Sum).Sum
    Failed  = @($parts | ForEach-Object { $_.Failed }) + @($failed)
    Skipped = @($parts | ForEach-Object { $_.Skipped })
}
