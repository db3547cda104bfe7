<#
.SYNOPSIS
Runs the Pester suite of this folder, or one file of it, and writes what passed, failed and was skipped to a file.
#>
param(
    # The manifest of Pester.
    [Parameter(Mandatory)] [string] $Pester,

    # The file, JSON: Passed, a number; Failed, the tests' names; Skipped, names with reasons.
    [Parameter(Mandatory)] [string] $ResultPath,

    # The tests to run, if not all.
    [string] $Path = $PSScriptRoot,

    # Tests with this tag are skipped.
    [string[]] $ExcludeTag = @()
)
$ErrorActionPreference = 'Stop'
Import-Module $Pester -DisableNameChecking
$run = Invoke-Pester -Configuration @{
    Run    = @{ Path = $Path; PassThru = $true }
    Filter = @{ ExcludeTag = $ExcludeTag }
    Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
}
# A block fails when its set-up does, a container when the file cannot be read; both hide tests that never ran.
$failed = @($run.Failed | ForEach-Object ExpandedPath) + @($run.Inconclusive | ForEach-Object ExpandedPath) +
    @($run.FailedBlocks | ForEach-Object { "$($_.ExpandedPath) (set-up)" }) + @($run.FailedContainers | ForEach-Object { "$($_.Item)" })
# From the test itself; else from the data of the block that was skipped; else it is the real servers that are missing.
function Get-Reason($Test) {
    if ($Test.ErrorRecord) { return $Test.ErrorRecord[0].Exception.Message -replace '^is skipped, because ' }
    for ($block = $Test.Block; $block; $block = $block.Parent) {
        if ($block.Data -is [Collections.IDictionary] -and $block.Data.Reason) { return $block.Data.Reason }
    }
    $FtpToolsTestServers.Missing
}

$result = @{
    Passed  = $run.PassedCount
    Failed  = @($failed | Where-Object { $_ })
    Skipped = @($run.Skipped | ForEach-Object { @{ Name = $_.ExpandedPath; Reason = "$(Get-Reason $_)" } }) +
        @($run.NotRun | ForEach-Object { @{ Name = $_.ExpandedPath; Reason = "It has the tag $($ExcludeTag -join ' or ')." } })
}
[IO.File]::WriteAllText($ResultPath, (ConvertTo-Json $result -Depth 3))
