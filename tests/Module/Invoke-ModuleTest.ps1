<#
.SYNOPSIS
Runs the Pester suite of this folder and writes what passed, failed and was skipped to a file.
#>
param(
    # The manifest of Pester.
    [Parameter(Mandatory)] [string] $Pester,

    # The file, JSON: Passed, a number; Failed and Skipped, the tests' names.
    [Parameter(Mandatory)] [string] $ResultPath
)
$ErrorActionPreference = 'Stop'
Import-Module $Pester
$run = Invoke-Pester -Configuration @{
    Run    = @{ Path = $PSScriptRoot; PassThru = $true }
    Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
}
# A block fails when its set-up does, a container when the file cannot be read; both hide tests that never ran.
$failed = @($run.Failed | ForEach-Object ExpandedPath) + @($run.Inconclusive | ForEach-Object ExpandedPath) +
    @($run.FailedBlocks | ForEach-Object { "$($_.ExpandedPath) (set-up)" }) + @($run.FailedContainers | ForEach-Object { "$($_.Item)" })
$result = @{
    Passed  = $run.PassedCount
    Failed  = @($failed | Where-Object { $_ })
    Skipped = @($run.Skipped | ForEach-Object ExpandedPath | Where-Object { $_ })
}
[IO.File]::WriteAllText($ResultPath, (ConvertTo-Json $result -Depth 3))
