BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "What is emitted and piped on, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $at = $folder.Remote
            $session = Connect-TestServer $ftp @{ MaxConnection = 1 }
            $here = Join-Path $TestDrive ([guid]::NewGuid())
            $null = New-Item $here -ItemType Directory
        }

        BeforeEach {
            $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'one'
            $null = New-TestFile (Join-Path $folder.Local 'b%20 c#.tar.gz') 'two'
            $null = New-TestFile (Join-Path $folder.Local $oddName) 'odd'
            $null = New-Item (Join-Path $folder.Local 'sub.d') -ItemType Directory -Force
            Grant-TestFolder $ftp
        }

        AfterAll { Disconnect-Ftp -All }

        It 'has the properties that items of a file system have' {
            $item = Get-FtpItem "$at/b%20 c#.tar.gz"
            $item.BaseName, $item.Extension, $item.PSIsContainer | Should -Be @('b%20 c#.tar', '.gz', $false)
            $item.Server | Should -Be $session.Server
            $directory = Get-FtpItem "$at/sub.d"
            $directory.BaseName, $directory.Extension, $directory.PSIsContainer | Should -Be @('sub.d', '.d', $true)
            $directory.Mode | Should -Match '^d'
            $item.Mode | Should -Match '^-'
        }

        It 'becomes an address as text, which the cmdlets take' {
            foreach ($item in Get-FtpChildItem $at) {
                "$item" | Should -Match '^ftp://127\.0\.0\.1:\d+/[^ #?\[\]*`]+$'
                (Get-FtpItem "$item").FullName | Should -Be $item.FullName
                (Get-FtpItem -LiteralPath "$item").FullName | Should -Be $item.FullName
                ("$item" | Get-FtpItem).FullName | Should -Be $item.FullName
            }
            (Get-FtpItem "ftp://$($session.Server)$at/*.txt").Name | Should -Contain 'a.txt'
            Get-FtpItem "ftp://$($session.Server)$at/*.txt" | ForEach-Object Name | Should -Not -Contain 'b%20 c#.tar.gz'
        }

        It 'does not let an address of another server act on this one' {
            $failure = Get-ExpectedError { Get-FtpItem "ftp://192.0.2.1$at/a.txt" }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpWrongServer,FtpTools.Commands.GetFtpItemCommand'
        }

        It 'does not take a remote item for a local one of the same path' {
            $same = Join-Path $here 'a.txt'
            Set-Content $same 'local'
            # An item whose path is that of the local file.
            $item = [FtpTools.FtpItem]([pscustomobject]@{ Server = $session.Server; FullName = $same.Replace('\', '/') })
            { $item | Remove-Item -ErrorAction Stop } | Should -Throw
            { Remove-Item $item -ErrorAction Stop } | Should -Throw
            Get-FtpItem "$at/a.txt" | Get-Content -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failed | Should -Not -BeNullOrEmpty
            $item | Send-FtpItem -Destination $at -ErrorVariable failed -ErrorAction SilentlyContinue
            $failed[0].FullyQualifiedErrorId | Should -Be 'FtpLocalFileError,FtpTools.Commands.SendFtpItemCommand'
            $same | Should -Exist
        }

        It 'does not take a local file for a remote one of the same path' {
            $failure = Get-ExpectedError { Get-ChildItem $folder.Local | Select-Object -First 1 | Remove-FtpItem -Confirm:$false }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.RemoveFtpItemCommand'
            $failure.Exception.Message | Should -BeLike '*Send-FtpItem*'
        }

        It 'refuses an object that stands for nothing there' {
            $failure = Get-ExpectedError { [version]'1.2' | Get-FtpItem }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.GetFtpItemCommand'
            $failure.Exception.Message | Should -BeLike '*System.Version*'
        }

        It 'pipes what was received to local cmdlets, and to those for the remote file' {
            $received = Receive-FtpItem -LiteralPath "$at/$oddName" -Destination $here
            ($received | Get-Item).Name | Should -Be $oddName
            ($received | Get-FileHash).Path | Should -Be $received.Destination
            $received | Get-Content | Should -Be 'odd'
            ($received | Get-FtpItem).FullName | Should -Be "$at/$oddName"
            $received | Remove-FtpItem -Confirm:$false
            Test-Path -LiteralPath (Join-Path $folder.Local $oddName) | Should -BeFalse
            $received | Get-Item | Remove-Item
        }

        It 'pipes what was sent to the cmdlets for the remote file, and not to local ones' {
            $file = Join-Path $here 'sent [1].txt'
            [IO.File]::WriteAllText($file, 'sent')
            $sent = Send-FtpItem -LiteralPath $file -Destination "$at/"
            ($sent | Get-FtpItem).FullName | Should -Be "$at/sent [1].txt"
            { $sent | Remove-Item -ErrorAction Stop } | Should -Throw
            [IO.File]::Exists($file) | Should -BeTrue
            $sent | Remove-FtpItem -Confirm:$false
            Test-FtpPath -LiteralPath "$at/sent [1].txt" | Should -BeFalse
        }

        It 'takes where a copy is for no place to bring it to' {
            $file = Join-Path $here "on [2] $oddName"
            [IO.File]::WriteAllText($file, 'passed on')
            $sent = Send-FtpItem -LiteralPath $file -Destination "$at/on [1].txt"
            $kept = Join-Path $here 'on.xml'
            $sent | Export-Clixml $kept
            $null = New-FtpItem "$at/elsewhere" -ItemType Directory -Force
            Push-Location $here
            Set-FtpLocation "$at/elsewhere"
            try {
                foreach ($one in $sent, (Import-Clixml $kept)) {
                    $received = $one | Receive-FtpItem
                    $received.Destination | Should -Be (Join-Path $here 'on [1].txt')
                    ($received | Send-FtpItem).Destination | Should -Be "$at/elsewhere/on [1].txt"
                }
                $received | Export-Csv $kept -NoTypeInformation -Encoding UTF8
                (Import-Csv $kept -Encoding UTF8 | Send-FtpItem).Destination | Should -Be "$at/elsewhere/on [1].txt"
                # What failed here is tried again where it was to go.
                (Import-Csv $kept -Encoding UTF8 | Receive-FtpItem).Destination | Should -Be $received.Destination
                ($sent | Copy-FtpItem -PassThru -Force).FullName | Should -Be "$at/elsewhere/on [1].txt"
                # Somebody who names it means it.
                ($received | Send-FtpItem -Destination $sent.Destination).Destination | Should -Be $sent.Destination
                ($sent | Receive-FtpItem -Destination $received.Destination).Destination | Should -Be $received.Destination
            }
            finally {
                Pop-Location
                Set-FtpLocation
                Get-Item (Join-Path $here 'on*') | Remove-Item
            }
        }

        It 'gives no local file to local cmdlets when it failed' {
            $former = New-TestFile (Join-Path $here 'former.txt') 'former'
            $failed = Receive-FtpItem "$at/a.txt" -Destination $former -NoClobber -ErrorAction SilentlyContinue
            $failed.Status | Should -Be 'Failed'
            { $failed | Remove-Item -ErrorAction Stop } | Should -Throw
            { Remove-Item $failed -ErrorAction Stop } | Should -Throw
            $former | Should -Exist
            # Of what did not come to a server, the remote path may be that of a local file.
            $kept = Join-Path $here 'failed.csv'
            $failed | Select-Object * -ExcludeProperty Server | Export-Csv $kept -NoTypeInformation -Encoding UTF8
            $lost = [FtpTools.FtpTransferResult](Import-Csv $kept -Encoding UTF8)
            { $lost | Remove-Item -ErrorAction Stop } | Should -Throw
            $former | Should -Exist
        }

        It 'gives what was sent another name, made of its own' {
            $file = New-TestFile (Join-Path $here 'named.tar.gz') 'named'
            $renamed = Send-FtpItem $file "$at/other.tar.gz" | Rename-FtpItem -NewName { $_.BaseName + '.done' + $_.Extension } -PassThru
            $renamed.FullName | Should -Be "$at/other.tar.done.gz"
            $renamed | Remove-FtpItem -Confirm:$false
        }

        It 'leaves alone on the server what did not come' {
            $blocked = Join-Path $here 'blocked'
            $null = New-Item (Join-Path $blocked 'a.txt') -ItemType Directory -Force
            $failed = Receive-FtpItem "$at/a.txt" -Destination $blocked -ErrorAction SilentlyContinue
            $failed.Status | Should -Be 'Failed'
            $failure = Get-ExpectedError { $failed | Remove-FtpItem -Confirm:$false }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpTransferIncomplete,FtpTools.Commands.RemoveFtpItemCommand'
            Test-FtpPath "$at/a.txt" | Should -BeTrue
            # To try it once more is what a failed result is good for.
            ($failed | Receive-FtpItem -Destination (Join-Path $here 'again.txt')).Status | Should -Be 'Succeeded'
        }

        It 'takes a session for its location where nothing is changed' {
            @($session | Get-FtpItem).FullName | Should -Be $session.Location
            Get-FtpSession -Name $session.Name | Get-FtpChildItem | ForEach-Object DirectoryName | Select-Object -Unique | Should -Be $session.Location
            $failure = Get-ExpectedError { $session | Remove-FtpItem -Recurse -Confirm:$false }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.RemoveFtpItemCommand'
        }

        It 'comes back from <format> with the same facts, and binds' -ForEach @{ format = 'CLIXML' }, @{ format = 'CSV' }, @{ format = 'JSON' } {
            $file = Join-Path $here "kept.$format"
            $original = @(Get-FtpItem "$at/*.txt") + @(Receive-FtpItem "$at/a.txt" -Destination (Join-Path $here "copy.$format"))
            $back = foreach ($one in $original) {
                switch ($format) {
                    'CLIXML' { $one | Export-Clixml $file; Import-Clixml $file }
                    'CSV' { $one | Export-Csv $file -NoTypeInformation -Encoding UTF8; Import-Csv $file -Encoding UTF8 }
                    'JSON' { $one | ConvertTo-Json | Set-Content $file -Encoding UTF8; Get-Content $file -Raw -Encoding UTF8 | ConvertFrom-Json }
                }
            }
            for ($i = 0; $i -lt $original.Count; $i++) {
                $type = $original[$i].GetType()
                $again = $back[$i] -as $type
                foreach ($property in $type.GetProperties().Name) {
                    # CSV keeps seconds alone.
                    if ($format -eq 'CSV' -and $original[$i].$property -is [datetime]) {
                        [Math]::Abs(($again.$property - $original[$i].$property).TotalSeconds) | Should -BeLessThan 1 -Because $property
                    }
                    else { "$($again.$property)" | Should -Be "$($original[$i].$property)" -Because $property }
                }
                ($back[$i] | Get-FtpItem).FullName | Should -BeLike "$at/*"
            }
        }

        It 'looks the same when it comes from a file or another process' {
            $file = Join-Path $here 'looks.xml'
            foreach ($one in (Get-FtpItem "$at/a.txt"), (Receive-FtpItem "$at/a.txt" -Destination (Join-Path $here 'looks.txt')), $session, (Get-FtpFeature)[0], (Get-FtpLocation)) {
                $one | Export-Clixml $file -Depth 1
                $looks = $one | Out-String -Width 100
                Import-Clixml $file | Out-String -Width 100 | Should -Be $looks
            }
        }

        It 'is a record of texts, numbers and times that is soon written' {
            $result = Receive-FtpItem "$at/a.txt" -Destination (Join-Path $here 'record.txt')
            foreach ($one in $result, (Get-FtpItem "$at/a.txt")) {
                foreach ($property in $one.GetType().GetProperties()) {
                    $kind = [Nullable]::GetUnderlyingType($property.PropertyType)
                    if (-not $kind) { $kind = $property.PropertyType }
                    ($kind.IsPrimitive -or $kind.IsEnum -or $kind -in [string], [datetime], [timespan]) | Should -BeTrue -Because $property.Name
                }
                ($one | ConvertTo-Json -Compress).Length | Should -BeLessThan 1500
            }
            $result.StartTime | Should -BeGreaterThan (Get-Date).AddMinutes(-5)
            $result.StartTime | Should -BeLessOrEqual (Get-Date)
            $result.Name | Should -Be 'a.txt'
        }
    }
}

Describe 'Removing the module' {
    It 'closes its sessions' {
        $ftp = Start-TestServer embedded
        $session = Connect-TestServer $ftp
        Remove-Module FtpTools
        try { "$($session.State)" | Should -Be 'Closed' }
        finally { Import-Module $manifest -Global }
    }
}

Describe 'Objects of encrypted sessions' -Tag NotOnWine {
    It 'does not drag certificates along' {
        $ftp = Start-TestServer 'embedded' @('--tls')
        $session = Connect-TestServer $ftp @{ Tls = 'Explicit'; SkipCertificateCheck = $true }
        $session.Security.GetCertificate().Subject | Should -Be $session.Security.Subject
        ($session | ConvertTo-Json -WarningAction SilentlyContinue).Length | Should -BeLessThan 3000
        Disconnect-Ftp $session
    }
}
