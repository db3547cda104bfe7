<#
.SYNOPSIS
Runs the Pester suite of this folder, or one file of it, and writes what passed, failed and was skipped to a file.
#>
param(
    # The manifest of Pester.
    [Parameter(Mandatory)] [string] $Pester,

    # The file, JSON: Passed, a number; Failed and Skipped, the tests' names.
    [Parameter(Mandatory)] [string] $ResultPath,

    # The tests to run, if not all.
    [string] $Path = $PSScriptRoot,

    # Tests with this tag are skipped.
    [string[]] $ExcludeTag = @()
)
$ErrorActionPreference = 'Stop'
Import-Module $Pester
$run = Invoke-Pester -Configuration @{
    Run    = @{ Path = $Path; PassThru = $true }
    Filter = @{ ExcludeTag = $ExcludeTag }
    Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
}
# A block fails when its set-up does, a container when the file cannot be read; both hide tests that never ran.
$failed = @($run.Failed | ForEach-Object ExpandedPath) + @($run.Inconclusive | ForEach-Object ExpandedPath) +
    @($run.FailedBlocks | ForEach-Object { "$($_.ExpandedPath) (set-up)" }) + @($run.FailedContainers | ForEach-Object { "$($_.Item)" })
$result = @{
    Passed  = $run.PassedCount
    Failed  = @($failed | Where-Object { $_ })
    Skipped = @(@($run.Skipped) + @($run.NotRun) | ForEach-Object ExpandedPath | Where-Object { $_ })
}
[IO.File]::WriteAllText($ResultPath, (ConvertTo-Json $result -Depth 3))
