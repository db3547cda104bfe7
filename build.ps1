#!/usr/bin/env pwsh
#requires -Version 5.1
<#
.SYNOPSIS
Builds and tests FtpTools, in Windows PowerShell 5.1 and PowerShell 7.4 or later. build.sh brings a PowerShell where there
is none.
.PARAMETER Task
Build: the module in out/FtpTools. Test: everything, with the number of passed, failed and skipped tests at the end.
Mutate: how many mutants of the parsers (Protocol and Listing) the tests of those two folders find; hours, and less for the
files that are named, as Protocol/DataEndpoint.cs. Docs: the MAML help from docs/en-US, with PlatyPS. Demo: the main job against a small server of the project's own.
Picture: the picture in README, docs/terminal.svg, of what such a server and a real terminal show; on Linux.
TestWindows, which build.sh has for Linux, is Test here.
Package: the module as FtpTools.<version>.nupkg and as a zip file in out. Bench: side by side with curl, lftp and ncftp. Clean: removes all that was built.
.PARAMETER Argument
What Bench passes on to bench/run.sh, as --chart, which draws bench/results.svg and measures nothing; the files that Mutate takes.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Mutate', 'Docs', 'Demo', 'Picture', 'Package', 'Bench', 'Clean')]
    [string] $Task = 'Build',

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Argument = @()
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$out = Join-Path $root 'out'
$module = Join-Path $out 'FtpTools'
$cache = if ($env:FTPTOOLS_CACHE) { $env:FTPTOOLS_CACHE } else { Join-Path $root '.cache' }
$windows = [Environment]::OSVersion.Platform -eq 'Win32NT'
# Where nobody reads along, nothing that a test needs may be missing.
$strict = $env:CI -eq 'true'

# PowerShell 7.0 to 7.3 cannot load the module. The first on PATH that can takes over, else the tool that
# .config/dotnet-tools.json pins.
if ($PSEdition -eq 'Core' -and $PSVersionTable.PSVersion -lt [version]'7.4') {
    $newer = Get-Command pwsh -All -CommandType Application -ErrorAction Ignore |
        Where-Object { (& $_ -NoProfile -Command '$PSVersionTable.PSVersion -ge [version]"7.4"') -eq 'True' } | Select-Object -First 1
    if ($newer) { & $newer -NoProfile -File $PSCommandPath $Task @Argument }
    else {
        dotnet tool restore
        if ($LASTEXITCODE) { throw 'PowerShell 7.4 or later is needed: install it (https://aka.ms/powershell).' }
        dotnet tool run pwsh -- -NoProfile -File $PSCommandPath $Task @Argument
    }
    exit $LASTEXITCODE
}

# Tests and demo run in a process of their own: a loaded module could not be built again on Windows.
Import-Module (Join-Path $root 'tests/PowerShell.psm1')
$shell = Get-PowerShellPath

function Invoke-Build {
    dotnet build (Join-Path $root 'FtpTools.sln') -c Release -v q --nologo
    if ($LASTEXITCODE) { throw "The build failed: dotnet ended with code $LASTEXITCODE." }
}

# A module from the module path; else from NuGet, by a project that names its version; else from the PowerShell Gallery.
# Gives back its manifest's path, or nothing. What is fetched stays in the cache.
function Find-Module([string] $Name, [version] $Minimum, [version] $Below, [string] $Project) {
    $modules = Join-Path $cache 'Modules'
    $separator = [IO.Path]::PathSeparator
    if (($env:PSModulePath -split $separator) -notcontains $modules) { $env:PSModulePath = $modules + $separator + $env:PSModulePath }
    $find = {
        Get-Module -ListAvailable -Name $Name | Where-Object { $_.Version -ge $Minimum -and $_.Version -lt $Below } |
            Sort-Object Version -Descending | Select-Object -First 1 -ExpandProperty Path
    }
    $found = & $find
    if ($found) { return $found }
    $null = New-Item -ItemType Directory -Force $modules
    if ($Project) {
        $packages = Join-Path $cache 'packages'
        dotnet restore (Join-Path $root $Project) "-p:PackageFolder=$packages" -v q | Out-Host
        $found = Get-Item (Join-Path $packages "$($Name.ToLowerInvariant())/*/tools/$Name.psd1") -ErrorAction Ignore |
            Where-Object { (Import-PowerShellDataFile $_).ModuleVersion -lt $Below } |
            Sort-Object { [version](Import-PowerShellDataFile $_).ModuleVersion } -Descending | Select-Object -First 1
        if ($found) { return $found.FullName }
    }
    try {
        if (Get-Command Save-PSResource -ErrorAction Ignore) {
            Save-PSResource -Name $Name -Version "[$Minimum,$Below)" -Path $modules -Repository PSGallery -TrustRepository
        }
        elseif (Get-Command Save-Module -ErrorAction Ignore) {
            Save-Module -Name $Name -MinimumVersion $Minimum -MaximumVersion "$($Below.Major - 1).999" -Path $modules -Repository PSGallery -Force
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
    foreach ($file in Get-ChildItem -LiteralPath $Results -Filter *.trx) {
        # Two runs that end within a second are given names with brackets in them.
        $run = ([xml](Get-Content -LiteralPath $file.FullName -Raw -Encoding UTF8)).TestRun
        foreach ($result in $run.SelectNodes('*[local-name()="Results"]/*')) {
            switch ($result.outcome) {
                'Passed' { $passed++ }
                'NotExecuted' { $skipped += @{ Name = $result.testName; Reason = "$($result.SelectSingleNode('.//*[local-name()="Message"]').InnerText)" } }
                default { $failed += $result.testName }
            }
        }
    }
    if ($code -and -not $failed) { $failed += "dotnet test ended with code $code" }
    [pscustomobject]@{ Passed = $passed; Failed = $failed; Skipped = $skipped }
}

function Invoke-ModuleTest([string] $Results) {
    $tests = Join-Path $root 'tests/Module'
    $pester = Find-Module Pester 5.5 7.0 tests/Module/Pester.proj
    if (-not $pester) {
        if ($strict) { throw 'Pester is missing: it is on no module path, and neither NuGet nor the PowerShell Gallery gave it.' }
        $names = Get-ChildItem -LiteralPath $tests -Filter *.Tests.ps1 | Select-String -Pattern '^\s*It\s+([''"])(.*?)\1' |
            ForEach-Object { @{ Name = '{0}: {1}' -f ($_.Filename -replace '\.Tests\.ps1$'), $_.Matches[0].Groups[2].Value; Reason = 'Pester is missing.' } }
        return [pscustomobject]@{ Passed = 0; Failed = @(); Skipped = @($names) }
    }
    & (Join-Path $tests 'Invoke-AllModuleTest.ps1') -Pester $pester -ResultFolder (Join-Path $Results 'Module') -Shell $shell
}

# The closing line, and before it what failed and what was skipped, by the reason.
function Write-Summary($Parts) {
    $passed = ($Parts | Measure-Object Passed -Sum).Sum
    $failed = @($Parts | ForEach-Object { $_.Failed })
    $skipped = @($Parts | ForEach-Object { $_.Skipped })
    # Nobody could tell such a one from a test that was forgotten.
    $failed += @($skipped | Where-Object { -not $_.Reason } | ForEach-Object { "$($_.Name) (skipped without a reason)" })
    foreach ($kind in $skipped | Group-Object { $_.Reason }) {
        Write-Host "skipped, $($kind.Count): $($kind.Name)"
        $kind.Group | ForEach-Object { Write-Host "    $($_.Name)" }
    }
    $failed | ForEach-Object { Write-Host "FAILED: $_" }
    Write-Host "$passed passed, $($failed.Count) failed, $($skipped.Count) skipped"
    if ($failed.Count -or -not $passed) { exit 1 }
}

# .NET programs that are killed, as many are here, leave files in the folder for temporary ones. PowerShell reads each folder
# on the way to a path to its end, which with twenty thousand files in one takes it 50 ms a path. The name is short, for the
# sockets in there; like /tmp the folder is everybody's, for some tests run under other accounts.
function New-TemporaryFolder {
    $folder = mktemp -d /var/tmp/ftptools-XXXXXX
    if ($LASTEXITCODE) { throw 'No folder for temporary files can be made in /var/tmp.' }
    chmod 1777 $folder
    $folder
}

function Invoke-Test {
    $temporary = $env:TMPDIR
    $results = Join-Path $out 'TestResults'
    if (Test-Path -LiteralPath $results) { Remove-Item -LiteralPath $results -Recurse -Force }
    $null = New-Item -ItemType Directory -Force $results
    try {
        if ($windows) {
            Write-Host 'The tests against real servers are skipped: those run on Linux alone.'
        }
        else {
            bash (Join-Path $root 'tests/Servers/ftp-server') prepare
            if ($LASTEXITCODE -and $strict) { throw "The real servers are missing: tests/Servers/ftp-server ended with code $LASTEXITCODE." }
            if ($LASTEXITCODE) { Write-Host 'The tests against real servers are skipped where a server is missing.' }
        }
        # The package holds the build, and has a test of its own.
        Invoke-Package | Out-Host
        if (-not $windows) { $env:TMPDIR = New-TemporaryFolder }
        $parts = @(Invoke-Xunit $results; Invoke-ModuleTest $results)
    }
    catch {
        $parts = @([pscustomobject]@{ Passed = 0; Failed = @("$_"); Skipped = @() })
    }
    finally {
        if ($env:TMPDIR -ne $temporary) {
            Remove-Item -LiteralPath $env:TMPDIR -Recurse -Force -ErrorAction Ignore
            $env:TMPDIR = $temporary
        }
    }
    Write-Summary $parts
}

# By two projects that have the two folders and their tests alone: of the engine's own, twice as many mutants are made and built,
# and all its tests are found again, for each mutant.
function Invoke-Mutation([string[]] $File) {
    $arguments = '--project', 'FtpTools.Parsers.csproj', '--concurrency', '1', '--skip-version-check', '--test-case-filter', 'Kind!=Random', '--output', (Join-Path $out 'Mutation'),
        '--reporter', 'cleartext', '--reporter', 'html', '--reporter', 'json'
    if (-not $File) { $File = 'Protocol/*.cs', 'Listing/*.cs' }
    $arguments += $File | ForEach-Object { '--mutate', "**/$_" }
    Push-Location (Join-Path $root 'tests/Mutation/FtpTools.Parsers.Tests')
    try {
        dotnet tool restore
        if ($LASTEXITCODE) { throw "dotnet-stryker cannot be had: dotnet ended with code $LASTEXITCODE." }
        dotnet stryker @arguments
        if ($LASTEXITCODE) { throw "dotnet-stryker ended with code $LASTEXITCODE." }
    }
    finally { Pop-Location }
}

function Invoke-Docs {
    $platyPS = Find-Module Microsoft.PowerShell.PlatyPS 1.0 2.0
    if (-not $platyPS) { throw 'PlatyPS 1.0 is needed: Install-Module Microsoft.PowerShell.PlatyPS. The build takes the MAML file that is checked in.' }
    & (Join-Path $root 'docs/Export-Help.ps1') -PlatyPS $platyPS -OutputPath (Join-Path $root 'src/FtpTools/en-US/FtpTools.dll-Help.xml')
    Invoke-Build
}

# The module as it is published: what the build lays out, and the same compiled ahead.
function Invoke-Package {
    Invoke-Build
    $images = Join-Path $out 'ReadyToRun'
    $systems = 'linux-x64', 'win-x64'
    foreach ($system in $systems) {
        dotnet publish (Join-Path $root 'src/FtpTools.ReadyToRun') -c Release -r $system -o (Join-Path $images $system) -v q --nologo
        if ($LASTEXITCODE) { throw "Compiling ahead for $system failed: dotnet ended with code $LASTEXITCODE." }
    }
    $package = Join-Path $out 'package'
    if (Test-Path -LiteralPath $package) { Remove-Item -LiteralPath $package -Recurse -Force }
    $null = New-Item -ItemType Directory $package
    Copy-Item -LiteralPath $module -Destination $package -Recurse
    foreach ($system in $systems) {
        $target = New-Item -ItemType Directory (Join-Path $package "FtpTools/bin/net10.0/$system")
        'FtpTools.dll', 'FtpTools.Client.dll' | ForEach-Object { Copy-Item -LiteralPath (Join-Path $images "$system/$_") -Destination $target }
    }
    & (Join-Path $root 'src/Export-Package.ps1') -ModulePath (Join-Path $package 'FtpTools') -OutputPath $out
}

switch ($Task) {
    'Build' { Invoke-Build }
    'Test' { Invoke-Test }
    'Mutate' { Invoke-Mutation $Argument }
    'Docs' { Invoke-Docs }
    'Package' { Invoke-Package }
    'Demo' {
        Invoke-Build
        & $shell -NoProfile -File (Join-Path $root 'tests/Demo/Demo.ps1')
        exit $LASTEXITCODE
    }
    'Picture' {
        if ($windows) { throw 'The picture is made on Linux, where script(1) lends a terminal.' }
        Invoke-Build
        & (Join-Path $root 'docs/Export-Picture.ps1') -Shell $shell -ModulePath $module -OutputPath (Join-Path $root 'docs/terminal.svg')
    }
    'Bench' {
        bash (Join-Path $root 'bench/run.sh') @Argument
        exit $LASTEXITCODE
    }
    'Clean' {
        Get-Item $out, (Join-Path $root '*/*/bin'), (Join-Path $root '*/*/obj'), (Join-Path $root 'tests/Mutation/*/bin'), (Join-Path $root 'tests/Mutation/*/obj') -ErrorAction Ignore | Remove-Item -Recurse -Force
    }
}
