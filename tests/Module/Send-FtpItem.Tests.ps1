BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Send-FtpItem, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $session = Connect-TestServer $ftp
            $data = Join-Path $TestDrive 'data'
            $null = New-TestFile (Join-Path $data 'a.csv') 'one'
            $null = New-TestFile (Join-Path $data 'b.csv') 'two'
            $null = New-TestFile (Join-Path $data 'c.txt') 'three'
            $null = New-TestFile (Join-Path $data $oddName) 'four'
            $null = New-TestFile (Join-Path $data 'tree/d.csv') 'five'
            $null = New-TestFile (Join-Path $data "tree/$oddName/.hidden") 'six'
            $null = New-Item (Join-Path $data 'tree/empty') -ItemType Directory

            # The text of a file that was sent.
            function Get-Sent([string] $Name) { [IO.File]::ReadAllText((Join-Path $folder.Local $Name)) }
        }

        BeforeEach {
            # The location of the file system, which differs from that of the process.
            Push-Location $data
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
        }

        AfterEach { Pop-Location }

        AfterAll { Disconnect-Ftp -All }

        It 'sends a file into a directory and says what became of it' {
            $result = Send-FtpItem a.csv -Destination $at
            $result | Should -BeOfType FtpTools.FtpTransferResult
            $result.Direction | Should -Be 'Upload'
            $result.Status | Should -Be 'Succeeded'
            $result.Source | Should -Be (Join-Path $data 'a.csv')
            $result.Destination | Should -BeExactly "$at/a.csv"
            $result.Length | Should -Be 3
            $result.TransferType | Should -Be 'Binary'
            $result.Verification | Should -Be 'Size'
            $result.Error | Should -BeNullOrEmpty
            Get-Sent 'a.csv' | Should -BeExactly 'one'
        }

        It 'sends to the location by default' {
            $other = Connect-Ftp -Uri "ftp://$($ftp.Host):$($ftp.Port)$at" -Credential $ftp.Credential -Tls None
            try { (Send-FtpItem a.csv).Destination | Should -BeExactly "$at/a.csv" }
            finally { Disconnect-Ftp $other }
        }

        It 'gives the file another name where the destination is no directory' {
            (Send-FtpItem a.csv "$at/other.csv").Destination | Should -BeExactly "$at/other.csv"
            Get-Sent 'other.csv' | Should -BeExactly 'one'
        }

        It 'takes a destination that ends in a slash for a directory, and makes it with -Force' {
            $failure = Get-ExpectedError { Send-FtpItem a.csv "$at/new/" }
            $failure.FullyQualifiedErrorId | Should -BeLike 'Ftp*,FtpTools.Commands.SendFtpItemCommand'
            (Send-FtpItem a.csv "$at/new/deep/" -Force).Destination | Should -BeExactly "$at/new/deep/a.csv"
        }

        It 'takes wildcards, several paths and odd names' {
            (Send-FtpItem *.csv, c.* $at).Destination | Sort-Object | Should -Be @("$at/a.csv", "$at/b.csv", "$at/c.txt")
            Send-FtpItem none*.csv $at | Should -BeNullOrEmpty
            Send-FtpItem $oddName $at -ErrorAction SilentlyContinue -ErrorVariable failure | Should -BeNullOrEmpty
            "$($failure[0])" | Should -BeLike '*-LiteralPath.'
            (Send-FtpItem -LiteralPath $oddName $at).Destination | Should -BeExactly "$at/$oddName"
            Get-Sent $oddName | Should -BeExactly 'four'
        }

        It 'gives files the names that -NameMap says, in trees too, and sends no two under one' {
            (Get-ChildItem *.csv | Send-FtpItem -Destination $at -NameMap { "x-$($_.Name)" }).Destination | Sort-Object | Should -Be @("$at/x-a.csv", "$at/x-b.csv")
            $result = Send-FtpItem tree $at -Recurse -NameMap { if ($_.PSIsContainer) { "d-$($_.Name)" } else { '5.txt' } }
            $result.Status | Should -Be @('Succeeded', 'Succeeded')
            Get-Sent 'd-tree/5.txt' | Should -BeExactly 'five'
            $result = Get-ChildItem a.csv, b.csv | Send-FtpItem -Destination $at -NameMap { 'same' } -ThrottleLimit 1 -ErrorVariable failures -ErrorAction SilentlyContinue
            $result.Status | Should -Be @('Succeeded', 'Failed')
            $failures.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.SendFtpItemCommand'
            Get-Sent 'same' | Should -BeExactly 'one'
            (Get-ExpectedError { Send-FtpItem a.csv $at -NameMap { 'a/b' } }).FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
        }

        It 'takes files from the pipeline: objects, strings and rows' {
            (Get-ChildItem *.csv | Send-FtpItem -Destination $at).Destination | Sort-Object | Should -Be @("$at/a.csv", "$at/b.csv")
            (Get-ChildItem sp* | Send-FtpItem -Destination $at).Destination | Should -BeExactly "$at/$oddName"
            ('a.csv', (Join-Path $data 'c.txt') | Send-FtpItem -Destination $at).Destination | Sort-Object | Should -Be @("$at/a.csv", "$at/c.txt")
            (New-Object IO.FileInfo (Join-Path $data $oddName) | Send-FtpItem -Destination $at).Status | Should -Be 'Succeeded'
            $rows = [pscustomobject]@{ Path = 'a.csv'; Destination = "$at/r1" }, [pscustomobject]@{ Path = 'c.txt'; Destination = "$at/r2" }
            ($rows | Send-FtpItem).Destination | Sort-Object | Should -Be @("$at/r1", "$at/r2")
        }

        It 'refuses to write several files to one name' {
            (Get-ExpectedError { Send-FtpItem *.csv "$at/name" }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.SendFtpItemCommand'
            Test-FtpPath "$at/name" | Should -BeFalse
            (Get-ExpectedError { Get-ChildItem *.csv | Send-FtpItem -Destination "$at/name" }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.SendFtpItemCommand'
        }

        It 'adds to a file with -Append, several to one as well' {
            $null = Send-FtpItem a.csv, b.csv "$at/all" -Append
            $null = Get-Item c.txt | Send-FtpItem -Destination "$at/all" -Append
            Get-Sent 'all' | Should -BeExactly 'onetwothree'
        }

        It 'writes over a file, in place with -Direct, and not at all with -NoClobber' {
            $null = Send-FtpItem a.csv "$at/x"
            $null = Send-FtpItem b.csv "$at/x"
            Get-Sent 'x' | Should -BeExactly 'two'
            $null = Send-FtpItem c.txt "$at/x" -Direct
            Get-Sent 'x' | Should -BeExactly 'three'
            $results = Send-FtpItem a.csv "$at/x" -NoClobber -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures.FullyQualifiedErrorId | Should -Be 'FtpAlreadyExists,FtpTools.Commands.SendFtpItemCommand'
            $failures.TargetObject | Should -Be "$at/x"
            $results.Status | Should -Be 'Failed'
            $results.ErrorId | Should -Be 'FtpAlreadyExists'
            Get-Sent 'x' | Should -BeExactly 'three'
            Get-ChildItem $folder.Local -Force | Should -HaveCount 1
        }

        It 'refuses a directory, and sends it with -Recurse' {
            $failure = Get-ExpectedError { Send-FtpItem tree $at }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.SendFtpItemCommand'
            $failure.Exception.Message | Should -BeLike '*-Recurse*'
            $results = Send-FtpItem tree $at -Recurse
            $results.Destination | Sort-Object | Should -Be @("$at/tree/d.csv", "$at/tree/$oddName/.hidden")
            Get-Sent "tree/$oddName/.hidden" | Should -BeExactly 'six'
            Test-Path (Join-Path $folder.Local 'tree/empty') | Should -BeTrue
        }

        It 'gives a directory another name where the destination does not exist' {
            (Send-FtpItem tree "$at/copy" -Recurse).Destination | Should -Contain "$at/copy/d.csv"
        }

        It 'sends in the type that is asked for' {
            $lines = New-TestFile (Join-Path $TestDrive 'lines.txt') "a$([Environment]::NewLine)b$([Environment]::NewLine)"
            (Send-FtpItem $lines $at -TransferType Ascii).TransferType | Should -Be 'Ascii'
            $session.TransferType | Should -Be 'Binary'
        }

        It 'writes FtpLocalFileError for what is not there, and goes on' {
            $results = Send-FtpItem none.csv, a.csv $at -ErrorAction SilentlyContinue -ErrorVariable failures
            $results.Source | Split-Path -Leaf | Should -Be 'a.csv'
            $results.Status | Should -Be 'Succeeded'
            $failures[0].FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.SendFtpItemCommand'
            $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        }

        It 'writes FtpLocalFileError for a path that is on no file system' {
            (Get-ExpectedError { Send-FtpItem Env:PATH $at }).FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.SendFtpItemCommand'
        }

        It 'sends nothing with -WhatIf, and says from where and to where' {
            Start-Transcript (Join-Path $TestDrive 'whatif.txt') | Out-Null
            try { Send-FtpItem a.csv, tree $at -Recurse -WhatIf | Should -BeNullOrEmpty }
            finally { Stop-Transcript | Out-Null }
            $said = Get-Content (Join-Path $TestDrive 'whatif.txt') -Raw
            $said | Should -BeLike "*Item: $(Join-Path $data 'a.csv') Destination: $at/a.csv*"
            $said | Should -BeLike "*Item: $(Join-Path $data 'tree') Destination: $at/tree*"
            Get-FtpChildItem $at | Should -BeNullOrEmpty
        }

        It 'skips with -Update what is there in the same state or newer, and emits that too' {
            (Send-FtpItem a.csv, b.csv $at -Update).Status | Should -Be @('Succeeded', 'Succeeded')
            $results = Send-FtpItem a.csv, b.csv $at -Update
            $results.Status | Should -Be @('Skipped', 'Skipped')
            $results.Destination | Sort-Object | Should -Be @("$at/a.csv", "$at/b.csv")
            @($results.Error) -ne $null | Should -BeNullOrEmpty
            ($results | Where-Object Destination -EQ "$at/a.csv" | Select-Object -ExpandProperty Length) | Should -Be (Get-Item a.csv).Length
            $changed = New-TestFile (Join-Path $TestDrive 'changed/a.csv') 'one more'
            # Newer by more than any of the servers could take for the same, in whatever time zone it lists.
            [IO.File]::SetLastWriteTimeUtc($changed, [datetime]::UtcNow.AddDays(2))
            (Send-FtpItem $changed $at -Update).Status | Should -Be 'Succeeded'
            Get-Sent 'a.csv' | Should -BeExactly 'one more'
        }

        It 'leaves the time of the transfer, and with -PreserveTime gives the file its own' {
            $old = New-TestFile (Join-Path $TestDrive 'old.txt') 'old'
            $time = [datetime]::new(2021, 2, 3, 4, 5, 6, [DateTimeKind]::Utc)
            [IO.File]::SetLastWriteTimeUtc($old, $time)
            $null = Send-FtpItem $old $at
            [IO.File]::GetLastWriteTimeUtc((Join-Path $folder.Local 'old.txt')) | Should -BeGreaterThan ([datetime]::UtcNow.AddDays(-1))
            $warnings = @(Send-FtpItem $old $at -PreserveTime 3>&1 | Where-Object { $_ -is [Management.Automation.WarningRecord] })
            $warnings | Should -BeNullOrEmpty
            [IO.File]::GetLastWriteTimeUtc((Join-Path $folder.Local 'old.txt')) | Should -Be $time
        }

        It 'tries again after the connection is lost, goes on where it stood, and counts' {
            $big = New-TestData (Join-Path $TestDrive 'retried.bin') 24MB
            $relay = Start-TestRelay $ftp
            $over = Connect-Ftp 127.0.0.1 -Port $relay.Port -Credential $ftp.Credential -MaxConnection 1 -WarningAction SilentlyContinue
            try {
                $relay.DropAfter('STOR', 600)
                $result = Send-FtpItem $big $at -Session $over -RateLimit 16MB
                $relay.Drops | Should -Be 1
                $result.Status | Should -Be 'Succeeded'
                $result.Attempts | Should -Be 2
                (Get-FileHash (Join-Path $folder.Local 'retried.bin')).Hash | Should -Be (Get-FileHash $big).Hash

                $relay.DropAfter('STOR', 600)
                $result = Send-FtpItem $big "$at/none.bin" -Session $over -RateLimit 16MB -RetryCount 0 -ErrorAction SilentlyContinue -ErrorVariable failures
                $result.Status | Should -Be 'Failed'
                $result.Attempts | Should -Be 1
                $failures.FullyQualifiedErrorId | Should -BeLike 'Ftp*,FtpTools.Commands.SendFtpItemCommand'
                (Send-FtpItem a.csv $at -Session $over).Attempts | Should -Be 1
            }
            finally {
                Disconnect-Ftp $over
                $relay.Dispose()
            }
            Test-Path (Join-Path $folder.Local 'none.bin') | Should -BeFalse
        }

        It 'compares hashes with -Verify Hash, sizes by default, and nothing with None' {
            (Send-FtpItem a.csv $at -Verify None).Verification | Should -Be 'None'
            if ($Name -eq 'proftpd') {
                (Send-FtpItem a.csv $at -Verify Hash).Verification | Should -Be 'Hash'
                return
            }
            $result = Send-FtpItem a.csv "$at/hashed" -Verify Hash -ErrorAction SilentlyContinue -ErrorVariable failures
            $result.Status | Should -Be 'Failed'
            $failures.FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.SendFtpItemCommand'
            $failures.Exception.Message | Should -BeLike '*-Verify Size*'
            Test-Path (Join-Path $folder.Local 'hashed') | Should -BeFalse
        }

        It 'refuses -Resume in the type Ascii' {
            (Get-ExpectedError { Send-FtpItem a.csv $at -Resume -TransferType Ascii }).FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.SendFtpItemCommand'
            (Send-FtpItem a.csv $at -Resume).Resumed | Should -BeFalse
        }

        It 'refuses -Verify Hash in the type Ascii and with -Append, and sends nothing' {
            foreach ($with in @{ TransferType = 'Ascii' }, @{ Append = $true }) {
                $failure = Get-ExpectedError { Send-FtpItem a.csv "$at/refused" -Verify Hash @with }
                $failure.FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.SendFtpItemCommand'
                $failure.Exception.Message | Should -BeLike '*-Verify Hash compares*'
                Test-Path (Join-Path $folder.Local 'refused') | Should -BeFalse
            }
        }

        It 'sends under the name that -TemporaryName makes, and resumes what is there of it' {
            $big = New-TestData (Join-Path $TestDrive 'chosen/big.csv') 300KB
            [IO.File]::WriteAllBytes((Join-Path $folder.Local 'in.big.csv.tmp'), [IO.File]::ReadAllBytes($big)[0..199999])
            Grant-TestFolder $ftp
            (Send-FtpItem $big $at -TemporaryName 'in.*.tmp' -Resume).Resumed | Should -BeTrue
            (Get-FileHash (Join-Path $folder.Local 'big.csv')).Hash | Should -Be (Get-FileHash $big).Hash
            (Send-FtpItem a.csv, b.csv $at -TemporaryName 'in.*.tmp').Status | Should -Be 'Succeeded', 'Succeeded'
            (Get-ChildItem $folder.Local -Force).Name | Sort-Object | Should -Be 'a.csv', 'b.csv', 'big.csv'
        }

        It 'refuses a -TemporaryName that makes no names, or those of others' {
            foreach ($pattern in 'part', '*', 'tmp/*', '*.*') {
                { Send-FtpItem a.csv $at -TemporaryName $pattern } | Should -Throw '*temporary names*' -ErrorId 'ParameterArgumentTransformationError,FtpTools.Commands.SendFtpItemCommand'
            }
            (Get-ExpectedError { Send-FtpItem a.csv $at -TemporaryName '*.csv' }).FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.SendFtpItemCommand'
            (Get-ExpectedError { Send-FtpItem a.csv $at -TemporaryName '*.tmp' -Direct }).FullyQualifiedErrorId | Should -Be 'FtpCommandNotSupported,FtpTools.Commands.SendFtpItemCommand'
            Get-ChildItem $folder.Local -Force | Should -BeNullOrEmpty
        }

        It 'holds all files together to -RateLimit' {
            $null = foreach ($i in 1..4) { New-TestData (Join-Path $TestDrive "rated/$i.bin") 500KB }
            $time = [Diagnostics.Stopwatch]::StartNew()
            (Send-FtpItem (Join-Path $TestDrive 'rated/*') $at -RateLimit 1MB).Status | Should -Be @(, 'Succeeded' * 4)
            $time.Elapsed.TotalSeconds | Should -BeGreaterThan 1.5
            $time.Elapsed.TotalSeconds | Should -BeLessThan 6
        }

        It 'gives results in order with -ThrottleLimit 1, on one connection' {
            $names = 1..30 | ForEach-Object { '{0:00}.txt' -f $_ }
            $files = $names | ForEach-Object { New-TestFile (Join-Path $TestDrive "ordered/$_") ('x' * (Get-Random -Maximum 9999)) }
            $alone = Connect-TestServer $ftp
            try {
                ($files | Send-FtpItem -Destination $at -ThrottleLimit 1 -Session $alone).Source | Should -Be $files
                # The one that asks for the destination may come on top.
                $alone.ConnectionCount | Should -BeLessOrEqual 2
            }
            finally { Disconnect-Ftp $alone }
        }

        It 'goes on behind a file that is missing in the middle of the pipeline' {
            $results = 'a.csv', 'none.csv', 'b.csv', 'c.txt' | Send-FtpItem -Destination $at -ErrorAction SilentlyContinue -ErrorVariable failures
            $results.Destination | Sort-Object | Should -Be @("$at/a.csv", "$at/b.csv", "$at/c.txt")
            $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
            $failures | Should -HaveCount 1
            $failures.FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.SendFtpItemCommand'
        }

        It 'sends nothing of a pipeline with -WhatIf' {
            Get-ChildItem -Recurse -File | Send-FtpItem -Destination $at -WhatIf | Should -BeNullOrEmpty
            Get-ChildItem $folder.Local -Force | Should -BeNullOrEmpty
        }

        It 'shows a result in a table' {
            $table = Send-FtpItem a.csv $at | Out-String -Width 120
            $table | Should -Match '(?m)^Status +Length +Speed +Mode +Name -> Destination'
            $table | Should -Match "(?m)^Succeeded +3 B .* Epsv +a\.csv -> $([regex]::Escape($at))\s*$"
            # Of 80 columns the name keeps its own, and the folder is cut.
            $deep = "$at/$('folder' * 12)/"
            Send-FtpItem a.csv $deep -Force | Out-String -Width 80 | Should -Match '(?m)^Succeeded .* a\.csv -> /'
            Send-FtpItem a.csv "$at/b.csv" | Out-String -Width 120 | Should -Match "a\.csv -> $([regex]::Escape("$at/b.csv"))"
        }

        It 'takes hidden files by a wildcard with -Force alone' {
            Set-Content .hidden.csv 'h'
            (Get-Item .hidden.csv -Force).Attributes = 'Hidden'
            try {
                (Send-FtpItem *.csv $at).Name | Should -Not -Contain '.hidden.csv'
                (Send-FtpItem *.csv $at -Force).Name | Should -Contain '.hidden.csv'
            }
            finally { Remove-Item .hidden.csv -Force }
        }
    }
}

# What becomes of a file that is new, and of one that is there, on servers that are particular about names.
$particular = @(
    @{ Habit = 'no-replace'; New = 'Succeeded'; There = 'Succeeded'; Learnt = 'doesn''t replace files when renaming' }
    @{ Habit = 'no-rename'; New = 'Succeeded'; There = 'FtpCommandNotSupported'; Advice = '-Direct'; Learnt = 'can''t rename' }
    @{ Habit = 'no-dot-names'; New = 'Succeeded'; There = 'Succeeded'; Learnt = 'doesn''t accept names that begin with a dot' }
    @{ Habit = 'no-new-files'; New = 'FtpPermissionDenied'; There = 'FtpPermissionDenied'; Advice = '-Direct' }
    @{ Habit = 'takes-away'; New = 'FtpPathNotFound'; There = 'FtpPathNotFound'; Advice = '-TemporaryName' }
)
Describe 'Send-FtpItem to a server with the habit <Habit>' -ForEach $particular -Skip:($servers | Where-Object Name -eq 'embedded').Skip {
    BeforeAll {
        $ftp = Start-TestServer embedded '--habits', $Habit
        $session = Connect-TestServer $ftp
        $folder = New-TestFolder $ftp
        $file = New-TestFile (Join-Path $TestDrive 'particular.txt') 'what is sent'
    }

    AfterAll { Disconnect-Ftp -All }

    It 'replaces nothing by halves and says what to do' {
        $null = New-TestFile (Join-Path $folder.Local 'there') 'former'
        foreach ($name in 'there', 'new', 'newer') {
            $expected = if ($name -eq 'there') { $There } else { $New }
            $result = Send-FtpItem $file "$($folder.Remote)/$name" -ErrorAction SilentlyContinue -ErrorVariable failures -WarningAction SilentlyContinue
            if ($expected -eq 'Succeeded') {
                $failures | Should -BeNullOrEmpty
                $result.Status | Should -Be 'Succeeded'
                [IO.File]::ReadAllText((Join-Path $folder.Local $name)) | Should -BeExactly 'what is sent'
            }
            else {
                $failures.FullyQualifiedErrorId | Should -Be "$expected,FtpTools.Commands.SendFtpItemCommand"
                if ($name -eq 'there') { $failures.Exception.Message | Should -BeLike "*$Advice*" }
            }
        }
        $left = if ($New -eq 'Succeeded') { 'new', 'newer', 'there' } else { 'there' }
        (Get-ChildItem $folder.Local -Force).Name | Sort-Object | Should -Be $left
        if ($There -ne 'Succeeded') { [IO.File]::ReadAllText((Join-Path $folder.Local 'there')) | Should -BeExactly 'former' }
        @($session.Habits | Where-Object Name -eq $Learnt).Count | Should -Be ([int][bool]$Learnt)
    }
}
