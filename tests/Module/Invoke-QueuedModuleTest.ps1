<#
.SYNOPSIS
Runs files of tests, as one of several processes that take them from the same queue: for Invoke-AllModuleTest.ps1.
#>
param(
    # The manifest of Pester.
    [Parameter(Mandatory)] [string] $Pester,

    # A folder: "queue" in it names the files, one a line; NAME.taken says that one is taken, NAME.json what came of it.
    [Parameter(Mandatory)] [string] $Queue,

    # What the lines begin with that say which file has been taken, or with no name that it has ended.
    [Parameter(Mandatory)] [string] $Mark
)
$ErrorActionPreference = 'Stop'
foreach ($file in [IO.File]::ReadAllLines((Join-Path $Queue 'queue'))) {
    $name = [IO.Path]::GetFileName($file) -replace '\.Tests\.ps1$'
    # Only one process can create it.
    try { [IO.File]::Open((Join-Path $Queue "$name.taken"), 'CreateNew').Dispose() }
    catch [IO.IOException] { continue }
    Write-Host "$Mark $name"
    & "$PSScriptRoot/Invoke-ModuleTest.ps1" -Pester $Pester -Path $file -ResultPath (Join-Path $Queue "$name.json")
    Write-Host $Mark
}
