#!/usr/bin/env pwsh
#requires -Version 5.1
<#
.SYNOPSIS
Builds and tests FtpTools, on Windows PowerShell 5.1 and PowerShell 7. build.sh does the same where there is no PowerShell.
.PARAMETER Task
Build: the module in out/FtpTools. Test: everything, with the number of passed, failed and skipped tests at the end.
Docs: the MAML help from docs/en-US, with PlatyPS. Demo: the main job against a small server of the project's own.
TestWindows, which build.sh has for Linux, is Test here.
Package: the module as a zip file in out. Bench: side by side with curl, lftp and ncftp. Clean: removes all that was built.
.PARAMETER Argument
What Bench passes on to bench/run.sh.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Demo', 'Package', 'Bench', 'Clean')]
    [string] $Task = 'Build',

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Argument = @()
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$out = Join-Path $root 'out'
$module = Join-Path $out 'FtpTools'
$windows = [Environment]::OSVersion.Platform -eq 'Win32NT'
# Tests and demo run in a process of their own: a loaded module could not be built again on Windows.
$shell = if ($PSEdition -eq 'Desktop') { 'powershell' } else { 'pwsh' }

function Invoke-Build {
    dotnet build (Join-Path $root 'FtpTools.sln') -c Release -v q --nologo
    if ($LASTEXITCODE) { throw "The build failed: dotnet ended with code $LASTEXITCODE." }
}

# A module from the module path, else from the PowerShell Gallery into .cache; its manifest's path, or nothing.
function Find-Module([string] $Name, [version] $Minimum, [version] $Below) {
    $cache = Join-Path $root '.cache/Modules'
    $separator = [IO.Path]::PathSeparator
    if (($env:PSModulePath -split $separator) -notcontains $cache) { $env:PSModulePath = $cache + $separator + $env:PSModulePath }
    $find = {
        Get-Module -ListAvailable -Name $Name | Where-Object { $_.Version -ge $Minimum -and $_.Version -lt $Below } |
            Sort-Object Version -Descending | Select-Object -First 1 -ExpandProperty Path
    }
    $found = & $find
    if ($found) { return $found }
    $null = New-Item -ItemType Directory -Force $cache
    try {
        if (Get-Command Save-PSResource -ErrorAction Ignore) {
            Save-PSResource -Name $Name -Version "[$Minimum,$Below)" -Path $cache -Repository PSGallery -TrustRepository
        }
        elseif (Get-Command Save-Module -ErrorAction Ignore) {
            Save-Module -Name $Name -MinimumVersion $Minimum -MaximumVersion "$($Below.Major - 1).999" -Path $cache -Repository PSGallery -Force
        }
    }
    catch { Write-Host "$Name cannot be had from the PowerShell Gallery: $_" }
    & $find
}

function Invoke-Xunit([string] $Results) {
    dotnet test (Join-Path $root 'FtpTools.sln') --no-build -c Release --nologo --logger trx --results-directory $Results `
        --blame-hang-timeout 5m --blame-hang-dump-type none | Out-Host
    $code = $LASTEXITCODE
    $passed = 0
    $failed = @()
    $skipped = @()
    foreach ($file in Get-ChildItem $Results -Filter *.trx) {
        $run = ([xml](Get-Content $file.FullName -Raw -Encoding UTF8)).TestRun
        foreach ($result in $run.SelectNodes('*[local-name()="Results"]/*')) {
            switch ($result.outcome) {
                'Passed' { $passed++ }
                'NotExecuted' { $skipped += $result.testName }
                default { $failed += $result.testName }
            }
        }
    }
    if ($code -and -not $failed) { $failed += "dotnet test ended with code $code" }
    [pscustomobject]@{ Passed = $passed; Failed = $failed; Skipped = $skipped }
}

function Invoke-ModuleTest([string] $Results) {
    $tests = Join-Path $root 'tests/Module'
    $pester = Find-Module Pester 5.5 6.0
    if (-not $pester) {
        $names = Get-ChildItem $tests -Filter *.Tests.ps1 | Select-String -Pattern '^\s*It\s+([''"])(.*?)\1' |
            ForEach-Object { '{0}: {1} (no Pester)' -f ($_.Filename -replace '\.Tests\.ps1$'), $_.Matches[0].Groups[2].Value }
        return [pscustomobject]@{ Passed = 0; Failed = @(); Skipped = @($names) }
    }
    $json = Join-Path $Results 'pester.json'
    & $shell -NoProfile -NonInteractive -File (Join-Path $tests 'Invoke-ModuleTest.ps1') -Pester $pester -ResultPath $json | Out-Host
    if (Test-Path $json) { return Get-Content $json -Raw -Encoding UTF8 | ConvertFrom-Json }
    [pscustomobject]@{ Passed = 0; Failed = @("Pester ended with code $LASTEXITCODE"); Skipped = @() }
}

function Invoke-Test {
    $results = Join-Path $out 'TestResults'
    if (Test-Path $results) { Remove-Item $results -Recurse -Force }
    $null = New-Item -ItemType Directory -Force $results
    if ($windows) {
        Write-Host 'The tests against real servers are skipped: those run on Linux alone.'
    }
    else {
        bash (Join-Path $root 'tests/Servers/ftp-server') prepare
        if ($LASTEXITCODE) { Write-Host 'The tests against real servers are skipped where a server is missing.' }
    }
    try {
        Invoke-Build
        $parts = @(Invoke-Xunit $results; Invoke-ModuleTest $results)
    }
    catch {
        $parts = @([pscustomobject]@{ Passed = 0; Failed = @("$_"); Skipped = @() })
    }
    $passed = ($parts | Measure-Object Passed -Sum).Sum
    $failed = @($parts | ForEach-Object { $_.Failed })
    $skipped = @($parts | ForEach-Object { $_.Skipped })
    $skipped | ForEach-Object { Write-Host "skipped: $_" }
    $failed | ForEach-Object { Write-Host "FAILED: $_" }
    Write-Host "$passed passed, $($failed.Count) failed, $($skipped.Count) skipped"
    if ($failed.Count -or -not $passed) { exit 1 }
}

function Invoke-Docs {
    $platyPS = Find-Module Microsoft.PowerShell.PlatyPS 1.0 2.0
    if (-not $platyPS) { throw 'PlatyPS 1.0 is needed: Install-Module Microsoft.PowerShell.PlatyPS. The build takes the MAML file that is checked in.' }
    & (Join-Path $root 'docs/Export-Help.ps1') -PlatyPS $platyPS -OutputPath (Join-Path $root 'src/FtpTools/en-US/FtpTools.dll-Help.xml')
    Invoke-Build
}

function Invoke-Package {
    Invoke-Build
    Add-Type -AssemblyName System.IO.Compression, System.IO.Compression.FileSystem
    $version = (Test-ModuleManifest (Join-Path $module 'FtpTools.psd1')).Version
    $zip = Join-Path $out "FtpTools-$version.zip"
    if (Test-Path $zip) { Remove-Item $zip }
    $archive = [IO.Compression.ZipFile]::Open($zip, 'Create')
    try {
        # The same module gives the same bytes: names in one order, and one time for all.
        $names = [string[]](Get-ChildItem $module -Recurse -File | ForEach-Object { $_.FullName.Substring($out.Length + 1).Replace('\', '/') })
        [Array]::Sort($names, [StringComparer]::Ordinal)
        foreach ($name in $names) {
            $entry = $archive.CreateEntry($name)
            $entry.LastWriteTime = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
            $content = $entry.Open()
            try {
                $bytes = [IO.File]::ReadAllBytes((Join-Path $out $name))
                $content.Write($bytes, 0, $bytes.Length)
            }
            finally { $content.Dispose() }
        }
    }
    finally { $archive.Dispose() }
    Get-Item $zip
}

switch ($Task) {
    'Build' { Invoke-Build }
    'Test' { Invoke-Test }
    'Docs' { Invoke-Docs }
    'Package' { Invoke-Package }
    'Demo' {
        Invoke-Build
        & $shell -NoProfile -File (Join-Path $root 'tests/Demo/Demo.ps1')
        exit $LASTEXITCODE
    }
    'Bench' {
        bash (Join-Path $root 'bench/run.sh') @Argument
        exit $LASTEXITCODE
    }
    'Clean' {
        Get-Item $out, (Join-Path $root '*/*/bin'), (Join-Path $root '*/*/obj') -ErrorAction Ignore | Remove-Item -Recurse -Force
    }
}
