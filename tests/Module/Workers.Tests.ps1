# What runs these files several at a time: nothing that fails in one of them, or ends its worker, may pass for a test that passed.

Describe 'Files of tests that several workers share' {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestServer.psm1"
        $folder = Join-Path $TestDrive 'tests'
        $results = Join-Path $TestDrive 'results'
        $pipe = "ftptools-workers-$([Guid]::NewGuid().ToString('N'))"
        $files = @{
            # The first two, as the largest: each waits for the other, and passes when both run at the same time.
            Near   = "$('#' * 2000)
Describe 'Near' { It 'meets the other' {
    `$end = New-Object IO.Pipes.NamedPipeServerStream '$pipe', 'InOut', 1, 'Byte', 'Asynchronous'
    try { `$end.WaitForConnectionAsync().Wait(60000) | Should -BeTrue } finally { `$end.Dispose() }
} }"
            Far    = "$('#' * 1900)
Describe 'Far' { It 'meets the other' {
    `$end = New-Object IO.Pipes.NamedPipeClientStream '.', '$pipe', 'InOut'
    try { `$end.Connect(60000); `$end.IsConnected | Should -BeTrue } finally { `$end.Dispose() }
} }"
            Mixed  = "Describe 'Mixed' { It 'passes' { 1 | Should -Be 1 }; It 'fails' { 1 | Should -Be 2 }; It 'skips' { Set-ItResult -Skipped -Because 'of this' } }"
            SetUp  = "Describe 'SetUp' { BeforeAll { throw 'no' }; It 'never runs' { 1 | Should -Be 1 } }"
            Broken = "Describe 'Broken' {"
            Dies   = "Describe 'Dies' { It 'ends its process' { Write-Host 'the last words'; [Environment]::Exit(7) } }"
            # One of those that run alone. By then all others have come to an end.
            Soak   = "Describe 'Soak' { It 'is the last' { (Get-ChildItem '$results' -Filter *.json).BaseName | Sort-Object | Should -Be 'Broken', 'Far', 'Mixed', 'Near', 'SetUp' } }"
        }
        foreach ($name in $files.Keys) { $null = New-TestFile (Join-Path $folder "$name.Tests.ps1") $files.$name }
        $pester = Join-Path (Get-Module Pester).ModuleBase 'Pester.psd1'
        $said = @(& "$PSScriptRoot/Invoke-AllModuleTest.ps1" -Pester $pester -ResultFolder $results -Shell (Get-PowerShellPath) -Path $folder -WorkerCount 2 6>&1)
        $result = $said[-1]
        $text = ($said | Select-Object -SkipLast 1) -join "`n"
    }

    It 'run at the same time, but for those that run alone' {
        $result.Failed | Should -Not -Contain 'Near.meets the other' -Because $text
        $result.Failed | Should -Not -Contain 'Far.meets the other' -Because $text
        $result.Failed | Should -Not -Contain 'Soak.is the last' -Because $text
        $result.Passed | Should -Be 4 -Because $text
    }

    It 'fail each by its name, also where a set-up fails, a file cannot be read or a worker dies' {
        $failed = $result.Failed | ForEach-Object { if ($_ -like '*Broken.Tests.ps1*') { 'Broken' } else { $_ } } | Sort-Object
        $failed | Should -Be @('Broken', 'Dies: its worker ended with code 7', 'Mixed.fails', 'SetUp (set-up)', 'SetUp.never runs' | Sort-Object) -Because $text
    }

    It 'keep the reasons of what they skip' {
        $result.Skipped | ForEach-Object { "$($_.Name): $($_.Reason)" } | Should -Be 'Mixed.skips: of this'
    }

    It 'show what was said in each when it has ended' {
        foreach ($name in $files.Keys) { $text | Should -Match "(?m)^-- $name \w+ " }
        $text | Should -Match '(?s)-- Dies had a worker that ended with code 7 after \d+ s.*?the last words'
    }
}
