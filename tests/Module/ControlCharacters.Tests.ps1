BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $server = @(Get-TestServer)[0]
    # Windows has no such names.
    $server.Skip = $server.Skip -or $env:OS -eq 'Windows_NT'
}

Describe 'Control characters in names' -ForEach $server -Skip:$server.Skip {
    BeforeAll {
        $ftp = Start-TestServer $Name
        $folder = New-TestFolder $ftp
        $at = $folder.Remote
        $evil = "e$([char]27)]0;pwned$([char]7)$([char]0x202E)$([char]0x2028).txt"
        $seen = 'e\x1B]0;pwned\x07\u202E\u2028.txt'
        $null = New-TestFile (Join-Path $folder.Local $evil) ('x' * 2mb)
        Grant-TestFolder $ftp
        $null = Connect-TestServer $ftp
        function Assert-Visible([string] $Text) { $Text | Should -Not -Match '[\x00-\x08\x0B\x0C\x0E-\x1A\x7F-\x9F\u202A-\u202E\u2028\u2029]|\x1B[^\[]' }
    }
    AfterAll { Disconnect-Ftp -All }

    It 'are shown as escapes by the views, and objects keep them' {
        $item = Get-FtpChildItem $at
        $item.Name | Should -BeExactly $evil
        $shown = $item | Out-String -Width 300
        Assert-Visible $shown
        $shown | Should -Match ([regex]::Escape($seen))
        $result = $item | Receive-FtpItem -Destination (Join-Path $TestDrive 'shown')
        $result.Source | Should -BeExactly "$at/$evil"
        $shown = $result | Out-String -Width 400
        Assert-Visible $shown
        $shown | Should -Match ([regex]::Escape($seen))
    }

    It 'are shown as escapes in errors, questions, and the verbose stream' {
        $target = Join-Path $TestDrive 'taken'
        $null = New-Item (Join-Path $target $evil) -ItemType Directory -Force
        $lines = Get-FtpChildItem $at | Receive-FtpItem -Destination $target -ErrorVariable failures -ErrorAction SilentlyContinue -Verbose 4>&1
        $failures[0].TargetObject | Should -BeExactly "$at/$evil"
        Assert-Visible $failures[0].Exception.Message
        Assert-Visible $failures[0].CategoryInfo.ToString()
        @($lines | Where-Object { $_ -is [Management.Automation.VerboseRecord] }) | Should -Not -BeNullOrEmpty
        $lines | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object { Assert-Visible $_.Message }
        $log = Join-Path $TestDrive 'whatif.txt'
        Start-Transcript $log | Out-Null
        try { Get-FtpChildItem $at | Remove-FtpItem -WhatIf }
        finally { Stop-Transcript | Out-Null }
        $asked = Get-Content $log -Raw
        $asked | Should -Match ([regex]::Escape($seen))
        Assert-Visible $asked
    }

    It 'are shown as escapes by the progress bar' {
        $target = Join-Path $TestDrive 'slow'
        $manifest = (Get-Module FtpTools).Path
        $shell = [powershell]::Create().AddScript("Import-Module '$manifest'; & { param(`$item, `$target) `$item | Receive-FtpItem -Destination `$target -RateLimit 3mb } @args").AddArgument((Get-FtpChildItem $at)).AddArgument($target)
        try {
            $null = $shell.Invoke()
            $bars = @($shell.Streams.Progress | Where-Object StatusDescription -Match 'pwned')
            $bars | Should -Not -BeNullOrEmpty
            $bars | ForEach-Object { Assert-Visible "$($_.Activity) $($_.StatusDescription) $($_.CurrentOperation)" }
        }
        finally { $shell.Dispose() }
    }

    It 'are shown as escapes in the list of completions' {
        $line = "Get-FtpItem $at/e"
        $found = (TabExpansion2 $line $line.Length).CompletionMatches
        $found.ListItemText | Should -Be $seen
        $found | ForEach-Object { Assert-Visible $_.ToolTip }
    }

    It 'are escapes in the log, which nobody else can read' {
        $log = Join-Path $TestDrive 'private.log'
        $session = Connect-TestServer $ftp @{ LogPath = $log }
        $null = Get-FtpItem -LiteralPath "$at/$evil" -Session $session
        Disconnect-Ftp $session
        $lines = [IO.File]::ReadAllText($log)
        $lines | Should -Match ([regex]::Escape($seen))
        Assert-Visible $lines
        [IO.File]::GetUnixFileMode($log) | Should -Be 'UserWrite, UserRead'
    }
}
