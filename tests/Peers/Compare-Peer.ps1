#!/usr/bin/env pwsh
#requires -Version 7.4
<#
.SYNOPSIS
Mirrors the same pairs of trees with lftp, rclone and Sync-FtpDirectory, looks at what became of them, and writes the table of
docs/sync.md. Started by hand; it takes some minutes.
.DESCRIPTION
It needs the built module and test server (./build.sh), lftp and rclone (Debian's packages), and what tests/Servers needs:
Debian 12 and root. Each client mirrors with deletions and with its defaults otherwise; what it is told besides is in this file.
.PARAMETER Name
Only the situations whose title matches, shown and not written.
#>
param([string] $Name)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 1
Import-Module "$PSScriptRoot/../Module/TestServer.psm1"
foreach ($tool in 'lftp', 'rclone') { if (-not (Get-Command $tool -ErrorAction Ignore)) { throw "$tool is missing: apt-get install $tool" } }
$work = (New-Item (Join-Path ([IO.Path]::GetTempPath()) "ftptools-peers-$PID") -ItemType Directory -Force).FullName
$day = [datetime]::SpecifyKind('2026-03-01T12:00:00', 'Utc')

# ---------------------------------------------------------------- trees

function Set-File([string] $Path, [string] $Text, [datetime] $Time = $day) {
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Path))
    [IO.File]::WriteAllText($Path, $Text)
    [IO.File]::SetLastWriteTimeUtc($Path, $Time.ToUniversalTime())
}

# A line a file, directories with a slash, links with an arrow.
function Get-Tree([string] $Path) {
    $tree = @{}
    if (-not [IO.Directory]::Exists($Path)) { return $tree }
    foreach ($entry in (New-Object IO.DirectoryInfo $Path).GetFileSystemInfos('*', [IO.SearchOption]::TopDirectoryOnly)) {
        $tree[$entry.Name] = if ($entry.LinkTarget) { '->' } elseif ($entry -is [IO.DirectoryInfo]) { '/' } elseif ($entry.Exists) { [IO.File]::ReadAllText($entry.FullName) } else { '?' }
        if ($tree[$entry.Name] -eq '/') { foreach ($below in (Get-Tree $entry.FullName).GetEnumerator()) { $tree["$($entry.Name)/$($below.Key)"] = $below.Value } }
    }
    $tree
}

# Enough that is alike for a few deletions to be in proportion.
function Set-Common([string[]] $Path) { foreach ($one in $Path) { foreach ($file in 'a.txt', 'b.txt', 'c.txt', 'sub/d.txt', 'sub/e.txt', 'sub/f.txt') { Set-File "$one/$file" $file } } }

. "$PSScriptRoot/Clients.ps1"

# ---------------------------------------------------------------- what became of it

function Join-Name($Names, [string] $Verb) {
    $Names = @($Names | Sort-Object -CaseSensitive)
    if (-not $Names) { return }
    $shown = @($Names | Select-Object -First 2 | ForEach-Object { '`' + ($_ -replace "`n", '\n' -replace '[^ -~]', '?') + '`' })
    "$Verb $($shown -join ', ')$(if ($Names.Count -gt 2) { " and $($Names.Count - 2) more" })"
}

function Get-Outcome($Source, $Before, $After, $Told, $Case) {
    $words = @()
    $deleted = @($Before.Keys | Where-Object { $After.Keys -cnotcontains $_ })
    $unwanted = @($deleted | Where-Object { $Case.Keep -and ($_ -match $Case.Keep) })
    $lacks = @($Source.Keys | Where-Object { $After.Keys -cnotcontains $_ })
    $differs = @($Source.Keys | Where-Object { $After.Keys -ccontains $_ -and $After[$_] -cne $Source[$_] })
    $extra = @($After.Keys | Where-Object { $Source.Keys -cnotcontains $_ -and -not ($Case.Exclude -and $_ -like $Case.Exclude) })
    if ($Case.Keep) { $words += if ($unwanted) { "**deletes $($unwanted.Count)**" } else { 'deletes none' } }
    if (-not ($lacks + $differs + $extra)) { $words += 'alike' }
    else {
        $words += Join-Name $lacks 'lacks'
        $words += Join-Name $differs 'leaves the content of'
        if (-not $Case.Keep -or $unwanted) { $words += Join-Name $extra 'keeps' }
    }
    $words = @($words | Where-Object { $_ })
    if ($Told) { $words += "says $(@($Told) -join ', ')" } elseif ($lacks + $differs) { $words += 'says nothing' }
    $words -join '; '
}

# An empty folder of a server that is started anew where it is to fail.
function Start-Place($Case) {
    if ($Case.Server -and $Case.Server -ne 'embedded') { return Start-TestServer $Case.Server }
    if (-not $Case.Fault) { return Start-TestServer embedded }
    $root = (New-Item (Join-Path $work ([Guid]::NewGuid().ToString('N'))) -ItemType Directory).FullName
    $start = New-Object Diagnostics.ProcessStartInfo 'dotnet', "`"$PSScriptRoot/../FtpTools.TestServer/bin/Release/net10.0/FtpTools.TestServer.dll`" --root `"$root`" $($Case.Fault)"
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $info = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    [pscustomobject]@{
        Name = 'embedded'; Host = $info.host; Port = $info.port; Root = $root; Process = $process; IsOwn = $true; Thumbprint = $info.certificateThumbprint
        Credential = New-Object Management.Automation.PSCredential $info.user, (ConvertTo-SecureString $info.password -AsPlainText -Force)
    }
}

function Invoke-Case($Case, [string] $Client) {
    $ftp = Start-Place $Case
    try {
        $folder = New-TestFolder $ftp
        $here = (New-Item (Join-Path $work "here-$([Guid]::NewGuid().ToString('N'))") -ItemType Directory).FullName
        $from, $to = if ($Case.Down) { $folder.Local, $here } else { $here, $folder.Local }
        if (-not $Case.Bare) { Set-Common $from, $to }
        & $Case.Make $from $to
        Grant-TestFolder $ftp
        if ($Case.After) { & $Case.After $from $to }
        $source, $before = (Get-Tree $from), (Get-Tree $to)
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $told = if ($Case.Run) { & $Case.Run $clients[$Client] $Case $ftp $here $folder.Remote $from } else { & $clients[$Client] $Case $ftp $here $folder.Remote }
        Write-Verbose "$Client took $($watch.Elapsed)."
        if ($Case.Look) { return & $Case.Look (Get-Tree $from) $before (Get-Tree $to) $told $from $to }
        Get-Outcome $(if ($Case.Restore) { & $Case.Restore $from $to; Get-Tree $from } else { $source }) $before (Get-Tree $to) $told $Case
    }
    finally {
        if ($ftp.IsOwn) { $ftp.Process.StandardInput.Close(); $null = $ftp.Process.WaitForExit(5000) }
    }
}

. "$PSScriptRoot/Situations.ps1"

try {
    $rows = foreach ($case in $situations | Where-Object { -not $Name -or $_.Title -match $Name }) {
        $cells = foreach ($client in $clients.Keys) {
            try { Invoke-Case $case $client } catch { "the script failed: $($_.Exception.Message)" }
        }
        $row = "| $(@($case.Title; $cells) -join ' | ') |"
        Write-Host $row
        $row
    }
    if ($Name) { return }
    $page = (Resolve-Path "$PSScriptRoot/../../docs/sync.md").Path
    $versions = "$((lftp --version | Select-Object -First 1) -replace '^LFTP \| Version (\S+).*', 'lftp $1'), $((rclone version | Select-Object -First 1) -replace ' v', ' '), FtpTools $((Get-Module FtpTools).Version)"
    $table = @("<!-- table -->", "By tests/Peers/Compare-Peer.ps1 on $(Get-Date -AsUTC -Format yyyy-MM-dd): $versions; $($rows.Count) situations.", '', '| situation | lftp | rclone | FtpTools |', '|-|-|-|-|') + $rows + '<!-- /table -->'
    $text = [IO.File]::ReadAllText($page)
    [IO.File]::WriteAllText($page, ($text -replace '(?s)<!-- table -->.*<!-- /table -->', ($table -join "`n").Replace('$', '$$')))
}
finally { Remove-Item $work -Recurse -Force -ErrorAction Ignore }
