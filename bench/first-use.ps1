<#
.SYNOPSIS
How long the first use of the module takes in a fresh PowerShell: Import-Module, connect, list, upload, download.
.DESCRIPTION
Runs a new process for each measurement, in turns over what is compared, against the project's own server on loopback,
and prints a table of medians in milliseconds, as markdown. ./build.ps1 Package makes both.
.EXAMPLE
bench/first-use.ps1 out/FtpTools/FtpTools.psd1, out/package/FtpTools/FtpTools.psd1
#>
#requires -Version 7.4
[CmdletBinding()]
param(
    # What to compare: manifests or assemblies of cmdlets.
    [Parameter(Mandatory, Position = 0)] [string[]] $Path,

    # How many runs of each count; one more before them warms up the disk's cache.
    [ValidateRange(1, 1000)] [int] $Round = 15,

    # Encrypt the connections.
    [switch] $Tls
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../tests/PowerShell.psm1')
$shell = Get-PowerShellPath
$steps = 'import', 'connect', 'list', 'upload', 'download', 'use', 'CPU'
$server = Join-Path $PSScriptRoot '../tests/FtpTools.TestServer/bin/Release/net10.0/FtpTools.TestServer.dll'
$work = Join-Path ([IO.Path]::GetTempPath()) ('FtpTools-bench-' + [IO.Path]::GetRandomFileName())
$root = (New-Item -ItemType Directory (Join-Path $work 'served')).FullName
$process = $null

function Get-Median([double[]] $Number) {
    $sorted = @($Number | Sort-Object)
    ($sorted[[Math]::Floor(($sorted.Count - 1) / 2)] + $sorted[[Math]::Ceiling(($sorted.Count - 1) / 2)]) / 2
}

try {
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    @($server; '--root'; $root; if ($Tls) { '--tls' }) | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $line = $process.StandardOutput.ReadLine()
    if (-not $line) { throw 'The server did not start.' }
    $info = $line | ConvertFrom-Json
    [IO.File]::WriteAllBytes((Join-Path $work 'sent.bin'), [byte[]]::new(4096))

    $once = Join-Path $work 'once.ps1'
    Set-Content $once @'
param($Module, $Ftp, $Port, $User, $Password, $Tls)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$times = [ordered]@{}
$credential = [pscredential]::new($User, (ConvertTo-SecureString $Password -AsPlainText -Force))
$security = if ($Tls -eq 'True') { @{ Tls = 'Explicit'; SkipCertificateCheck = $true } } else { @{ Tls = 'None' } }
# PowerShell's own first use of these is not what is measured.
$null = Get-Item $PSScriptRoot | Select-Object Name | ForEach-Object { $_ } | Out-String
$process = [Diagnostics.Process]::GetCurrentProcess()
$cpu = $process.TotalProcessorTime
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$times.import = $clock.Elapsed.TotalMilliseconds; $clock.Restart()
$null = Connect-Ftp $Ftp -Port $Port -Credential $credential @security
$times.connect = $clock.Elapsed.TotalMilliseconds; $clock.Restart()
$null = Get-FtpChildItem
$times.list = $clock.Elapsed.TotalMilliseconds; $clock.Restart()
$null = Send-FtpItem (Join-Path $PSScriptRoot sent.bin)
$times.upload = $clock.Elapsed.TotalMilliseconds; $clock.Restart()
$null = Receive-FtpItem sent.bin -Destination (Join-Path $PSScriptRoot received.bin)
$times.download = $clock.Elapsed.TotalMilliseconds
$process.Refresh()
$times.CPU = ($process.TotalProcessorTime - $cpu).TotalMilliseconds
Disconnect-Ftp
ConvertTo-Json $times -Compress
'@
    $times = @{}
    foreach ($turn in 0..$Round) {
        foreach ($module in $Path) {
            $out = & $shell -NoProfile -NonInteractive -File $once (Resolve-Path $module).Path $info.host $info.port $info.user $info.password "$Tls"
            if ($LASTEXITCODE) { throw "The run with $module ended with code $LASTEXITCODE." }
            if (-not $turn) { continue }
            $run = $out | ConvertFrom-Json -AsHashtable
            $run.use = $run.connect + $run.list + $run.upload + $run.download
            foreach ($step in $steps) { $times["$module $step"] += @($run[$step]) }
        }
    }
    "| ms, medians of $Round | $($steps -join ' | ') |"
    "|-|$('-:|' * $steps.Count)"
    foreach ($module in $Path) {
        "| $module | $(($steps | ForEach-Object { '{0:0}' -f (Get-Median $times["$module $_"]) }) -join ' | ') |"
    }
}
finally {
    if ($process) {
        # The server ends with its standard input.
        $process.StandardInput.Dispose()
        if (-not $process.WaitForExit(10000)) { $process.Kill() }
    }
    Remove-Item $work -Recurse -Force
}
