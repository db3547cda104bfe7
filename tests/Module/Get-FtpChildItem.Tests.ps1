BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Get-FtpChildItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'one'
            $null = New-TestFile (Join-Path $folder.Local 'b.csv') ''
            $null = New-TestFile (Join-Path $folder.Local '.hidden/e.csv') 'two'
            $null = New-TestFile (Join-Path $folder.Local $oddName) 'three'
            $null = New-TestFile (Join-Path $folder.Local 'sub/c.csv') 'four'
            $null = New-TestFile (Join-Path $folder.Local 'sub/deep/d.csv') 'five'
            $null = New-Item (Join-Path $folder.Local 'empty') -ItemType Directory
            Grant-TestFolder $ftp
            $session = Connect-TestServer $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'lists a directory, with hidden names under -Force alone' {
            (Get-FtpChildItem $at).Name | Sort-Object | Should -Be @('a.txt', 'b.csv', 'empty', $oddName, 'sub')
            (Get-FtpChildItem $at -Force).Name | Should -Contain '.hidden'
            Get-FtpChildItem "$at/empty" | Should -BeNullOrEmpty
        }

        It 'lists the location by default, and a file as itself' {
            (Get-FtpChildItem).FullName | Should -Contain $at
            (Get-FtpChildItem "$at/a.txt").FullName | Should -BeExactly "$at/a.txt"
        }

        It 'lists all below with -Recurse, and less with -Depth' {
            $csv = 'b.csv', 'sub/c.csv', 'sub/deep/d.csv'
            Get-FtpChildItem $at -Recurse -Filter *.csv -Name | Sort-Object | Should -Be $csv
            Get-FtpChildItem "$at/*.csv" -Recurse -Name | Sort-Object | Should -Be $csv
            Get-FtpChildItem $at -Depth 1 -Filter *.csv -Name | Sort-Object | Should -Be $csv[0, 1]
            Get-FtpChildItem $at -Depth 0 -Filter *.csv -Name | Should -Be $csv[0]
            Get-FtpChildItem $at -Recurse -Force -Filter *.csv -Name | Should -Contain '.hidden/e.csv'
        }

        It 'filters by name and by kind' {
            (Get-FtpChildItem $at -Include *.txt, *.csv).Name | Sort-Object | Should -Be @('a.txt', 'b.csv')
            (Get-FtpChildItem $at -Exclude *.*).Name | Sort-Object | Should -Be @('empty', $oddName, 'sub')
            (Get-FtpChildItem $at -File).Name | Sort-Object | Should -Be @('a.txt', 'b.csv', $oddName)
            (Get-FtpChildItem $at -Directory).Name | Sort-Object | Should -Be @('empty', 'sub')
            (Get-FtpChildItem $at *.txt).Name | Should -Be 'a.txt'
            (Get-FtpChildItem $at -Filter *.TXT).Name | Should -Be 'a.txt'
        }

        It 'resolves wildcards in every part' {
            (Get-FtpChildItem "$at/*/*.csv").FullName | Should -Be "$at/sub/c.csv"
            (Get-FtpChildItem "$at/s*b/deep").Name | Should -Be 'd.csv'
            Get-FtpChildItem "$at/none*" | Should -BeNullOrEmpty
        }

        It 'takes paths and directories from the pipeline, odd names too' {
            ("$at/sub", "$at/empty" | Get-FtpChildItem).Name | Sort-Object | Should -Be @('c.csv', 'deep')
            (Get-FtpItem "$at/su*" | Get-FtpChildItem -Directory).FullName | Should -Be "$at/sub/deep"
            (Get-FtpItem -LiteralPath "$at/$oddName" | Get-FtpChildItem).Name | Should -BeExactly $oddName
        }

        It 'writes FtpPathNotFound for what is not there, and goes on' {
            $found = Get-FtpChildItem "$at/none", "$at/sub/deep", "$at/none/*" -ErrorAction SilentlyContinue -ErrorVariable failures
            $found.Name | Should -Be 'd.csv'
            $failures.FullyQualifiedErrorId | Should -Be @(, 'FtpPathNotFound,FtpTools.Commands.GetFtpChildItemCommand' * 2)
            $failures[0].TargetObject | Should -Be "$at/none"
        }

        It 'does not follow a link to a directory below, but lists one that is named' {
            Skip-Test -If ($Name -in 'embedded', 'pyftpdlib') -Because 'the MLSD of the embedded server and of pyftpdlib shows what a link leads to, and not the link'
            $link = Join-Path $folder.Local 'link'
            $null = New-Item $link -ItemType SymbolicLink -Target sub
            try {
                Get-FtpChildItem $at -Recurse -Filter d.csv -Name | Should -Be 'sub/deep/d.csv'
                (Get-FtpChildItem "$at/link").Name | Should -Contain 'c.csv'
            }
            finally { Remove-Item $link }
        }

        It 'shows a listing grouped by directory in a table' {
            $table = Get-FtpChildItem $at -Recurse | Out-String -Width 80
            $table | Should -Match "(?m)^ *Directory: $at\r?$"
            $table | Should -Match "(?m)^ *Directory: $at/sub/deep\r?$"
            $table | Should -Match '(?m)^Permission +LastWriteTime +Length +Name\r?$'
            $table | Should -Match '(?m)^-\S* .* 3 a\.txt\r?$'
            $table | Should -Match '(?m)^d\S* .* sub\r?$'
        }
    }
}

Describe 'A deep tree and a large one' -Skip:$servers[0].Skip {
    BeforeAll {
        $ftp = Start-TestServer embedded
        $folder = New-TestFolder $ftp
        $at = $folder.Remote
        $session = Connect-TestServer $ftp
    }

    AfterAll { Disconnect-Ftp -All }

    It 'goes down 128 levels, or as many as -Depth says' {
        $deep = Join-Path $folder.Local 'deep'
        $null = New-Item ($deep + -join (1..135 | ForEach-Object { "/$_" })) -ItemType Directory -Force
        @(Get-FtpChildItem "$at/deep" -Recurse -ErrorVariable failures -ErrorAction SilentlyContinue) | Should -HaveCount 129
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -Be 'FtpCommandRefused,FtpTools.Commands.GetFtpChildItemCommand'
        @(Get-FtpChildItem "$at/deep" -Depth 200 -ErrorAction Stop) | Should -HaveCount 135
        @(Get-FtpChildItem "$at/deep" -Depth 3 -ErrorAction Stop) | Should -HaveCount 4
    }

    It 'waits for the pipeline, and for none that has ended' {
        foreach ($name in 'a', 'b', 'c') {
            $null = New-Item (Join-Path $folder.Local "large/$name") -ItemType Directory -Force
            foreach ($i in 1..3000) { [IO.File]::Create((Join-Path $folder.Local "large/$name/$i.txt")).Dispose() }
        }
        $before = Get-FtpChildItem "$at/large" -Recurse | ForEach-Object { $_.FullName }
        @($before) | Should -HaveCount 9003
        (Get-FtpChildItem "$at/large" -Recurse | Select-Object -First 4).Count | Should -Be 4
        (Get-FtpChildItem $at -ErrorAction Stop).Name | Should -Contain 'large'
    }
}

Describe 'A listing with a line that cannot be read, <Facts>' -ForEach @(
    @{ Facts = 'MLSD'; Option = @('--odd-line', 'what-is-this') }
    @{ Facts = 'LIST'; Option = @('--odd-line', 'what-is-this', '--without-facts') }
) -Skip:$servers[0].Skip {
    BeforeAll {
        $ftp = Start-TestServer embedded -Option $Option
        $folder = New-TestFolder $ftp
        $at = $folder.Remote
        $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'one'
        $null = New-TestFile (Join-Path $folder.Local 'sub/b.txt') 'two'
        $session = Connect-TestServer $ftp
        $id = 'FtpListingUnparsed,FtpTools.Commands.'
    }

    AfterAll { Disconnect-Ftp -All }

    It 'gives the rest and an error a directory' {
        $items = Get-FtpChildItem $at -Recurse -ErrorVariable errors -ErrorAction SilentlyContinue -WarningVariable warnings
        $items.Name | Sort-Object | Should -Be 'a.txt', 'b.txt', 'sub'
        $errors.FullyQualifiedErrorId | Should -Be (@("${id}GetFtpChildItemCommand") * 2)
        $errors.TargetObject | Sort-Object | Should -Be $at, "$at/sub"
        $errors[0].CategoryInfo.Category | Should -Be ParserError
        $errors[0].Exception.Message | Should -BeLike "*'what-is-this'*"
        $warnings | Should -BeNullOrEmpty
    }

    It 'stops a script that stops at errors' {
        (Get-ExpectedError { $ErrorActionPreference = 'Stop'; Get-FtpChildItem $at }).FullyQualifiedErrorId | Should -Be "${id}GetFtpChildItemCommand"
        (Get-ExpectedError { Get-FtpItem "$at/*.txt" -ErrorAction Stop }).FullyQualifiedErrorId | Should -Be "${id}GetFtpItemCommand"
        (Get-ExpectedError { Receive-FtpItem "$at/*.txt" (Join-Path $TestDrive 'stopped/') -Force -ErrorAction Stop }).FullyQualifiedErrorId | Should -Be "${id}ReceiveFtpItemCommand"
    }

    It 'is looked through by wildcards all the same' {
        (Get-FtpItem "$at/s*/*.txt" -ErrorVariable errors -ErrorAction SilentlyContinue).Name | Should -Be 'b.txt'
        $errors | Should -HaveCount 2
        (Get-FtpChildItem "$at/*.txt" -ErrorAction SilentlyContinue).Name | Should -Be 'a.txt'
    }

    It 'is received but for the line, and that is an error' {
        $results = Receive-FtpItem $at (Join-Path $TestDrive "tree$Facts") -Recurse -ErrorVariable errors -ErrorAction SilentlyContinue
        ($results | Where-Object Status -EQ Succeeded).Source | Sort-Object | Should -Be "$at/a.txt", "$at/sub/b.txt"
        ($results | Where-Object Status -EQ Failed).Source | Sort-Object | Should -Be $at, "$at/sub"
        $errors.FullyQualifiedErrorId | Should -Be (@("${id}ReceiveFtpItemCommand") * 2)
    }

    It 'keeps nobody from what has a name' {
        (Receive-FtpItem "$at/a.txt" (Join-Path $TestDrive "a$Facts.txt")).Status | Should -Be Succeeded
        $null = New-TestFile (Join-Path $folder.Local 'gone.txt') 'x'
        Remove-FtpItem "$at/gone.txt" -Confirm:$false
        Test-Path (Join-Path $folder.Local 'gone.txt') | Should -BeFalse
    }

    It 'is completed with what could be read' {
        $word = "Get-FtpItem $at/"
        (TabExpansion2 $word $word.Length).CompletionMatches.ListItemText | Should -Contain 'a.txt'
    }
}

Describe 'A listing with a name that would lead elsewhere' -Skip:$servers[0].Skip {
    BeforeAll {
        $ftp = Start-TestServer embedded -Option '--odd-line', '"type=file;size=1; ../evil.txt"'
        $folder = New-TestFolder $ftp
        $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'one'
        $session = Connect-TestServer $ftp
    }

    AfterAll { Disconnect-Ftp -All }

    It 'is worth a warning where it is only looked at' {
        (Get-FtpChildItem $folder.Remote -ErrorAction Stop -WarningVariable warnings -WarningAction SilentlyContinue).Name | Should -Be 'a.txt'
        "$warnings" | Should -BeLike '*skipped*../evil.txt*'
    }

    It 'is an error where something was to be done with it' {
        $errors = @()
        $results = Receive-FtpItem $folder.Remote (Join-Path $TestDrive 'elsewhere') -Recurse -ErrorVariable errors -ErrorAction SilentlyContinue
        ($results | Where-Object Status -EQ Succeeded).Source | Should -Be "$($folder.Remote)/a.txt"
        $errors.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand'
    }
}
