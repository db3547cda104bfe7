# Nothing goes to another server than was meant: what is current after a connect that failed, and items of other servers.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer | Where-Object Name -EQ 'embedded'
}

foreach ($server in $servers) {
    Describe 'The current session' -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $account = @{ Credential = $ftp.Credential; Tls = 'None' }
            $wrong = New-Object Management.Automation.PSCredential $ftp.Credential.UserName, (ConvertTo-SecureString 'wrong' -AsPlainText -Force)
            # Nothing listens there.
            $listener = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Loopback), 0
            $listener.Start()
            $deaf = $listener.LocalEndpoint.Port
            $listener.Stop()
        }

        BeforeEach { $older = Connect-TestServer $ftp @{ Name = 'older' } }

        AfterEach { Disconnect-Ftp -All }

        It 'is none after a Connect-Ftp that failed: <Why>' -ForEach @(
            @{ Why = 'nothing listens'; Script = { Connect-Ftp 127.0.0.1 -Port $deaf @account }; Id = 'FtpHostUnreachable' }
            @{ Why = 'the account is refused'; Script = { Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $wrong -Tls None }; Id = 'FtpLoginFailed' }
            @{ Why = 'no TLS'; Script = { Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -Tls Explicit }; Id = 'FtpTlsFailed' }
            @{ Why = 'no such folder'; Script = { Connect-Ftp -Uri "ftp://$($ftp.Host):$($ftp.Port)/none" @account }; Id = 'FtpPathNotFound' }
            @{ Why = 'no address'; Script = { Connect-Ftp -Uri 'http://example.com' }; Id = 'FtpInvalidName' }
            @{ Why = 'a value out of range'; Script = { Connect-Ftp $ftp.Host -Port 99999 @account }; Id = 'ParameterArgumentValidationError' }
            @{ Why = 'a value that is none'; Script = { Connect-Ftp $ftp.Host -Mode Sideways @account }; Id = 'CannotConvertArgumentNoMessage' }
            @{ Why = 'a parameter that there is not'; Script = { Connect-Ftp $ftp.Host -Prot 21 @account }; Id = 'NamedParameterNotFound' }
            @{ Why = 'a log that cannot be written'; Script = { Connect-Ftp $ftp.Host -Port $ftp.Port -LogPath (Join-Path $TestDrive 'none/ftp.log') @account }; Id = 'FtpLocalFileError' }
        ) {
            (Get-ExpectedError $Script).FullyQualifiedErrorId | Should -Be "$Id,FtpTools.Commands.ConnectFtpCommand"
            Get-FtpSession -Current | Should -BeNullOrEmpty
            $older.IsCurrent | Should -BeFalse
            Get-FtpSession | Should -Be $older
            # The older one works where it is named, and is current again once it is chosen.
            (Get-FtpItem / -Session older).FullName | Should -Be '/'
            $null = Select-FtpSession older
            (Get-FtpItem /).FullName | Should -Be '/'
        }

        It 'is none after a Connect-Ftp that was stopped' {
            $silent = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Loopback), 0
            $silent.Start()
            $shell = [PowerShell]::Create()
            try {
                $null = $shell.AddScript({
                    param($manifest, $ftp, $port)
                    Import-Module $manifest
                    $null = Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -Tls None
                    Connect-Ftp 127.0.0.1 -Port $port
                }).AddArgument($manifest).AddArgument($ftp).AddArgument($silent.LocalEndpoint.Port)
                $null = $shell.BeginInvoke()
                $client = $silent.AcceptTcpClientAsync()
                $client.Wait(20000) | Should -BeTrue
                $shell.Stop()
                $shell.Commands.Clear()
                $null = $shell.AddScript('"$(@(Get-FtpSession).Count) $(@(Get-FtpSession -Current).Count)"')
                $shell.Invoke() | Should -Be '1 0'
            }
            finally {
                $shell.Dispose()
                $silent.Stop()
            }
        }

        It 'is said to be none by that error and by the next, with what to do' {
            $failure = Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $deaf @account }
            $failure.Exception.Server | Should -Be "127.0.0.1:$deaf"
            $failure.Exception.Message | Should -BeLike "*No session is current any more.*'older' ($($older.Server))*Select-FtpSession -Name 'older'*-Session*"
            foreach ($next in { Get-FtpChildItem / }, { Remove-FtpItem /a }, { Disconnect-Ftp }, { Set-FtpMode Active }, { Test-FtpConnection }) {
                $failure = Get-ExpectedError $next
                $failure.FullyQualifiedErrorId | Should -BeLike 'FtpNoSession,*'
                $failure.Exception.Message | Should -BeLike "*Connect-Ftp*failed*'older'*Select-FtpSession -Name 'older'*"
            }
            Disconnect-Ftp older
            # There is nothing to choose.
            (Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $deaf @account }).Exception.Message | Should -Not -BeLike '*Select-FtpSession*'
            (Get-ExpectedError { Get-FtpItem / }).Exception.Message | Should -Not -BeLike '*Select-FtpSession*'
        }

        It 'stays what it is while somebody only looks at Connect-Ftp: <_>' -ForEach @(
            { TabExpansion2 'Connect-Ftp 127.0.0.1 -Mode A' }
            { TabExpansion2 'Connect-Ftp -Por' }
            { Connect-Ftp -? }
            { Get-Help Connect-Ftp }
            { Get-Command Connect-Ftp -Syntax }
            { Get-Command Connect-Ftp -ArgumentList $ftp.Host }
        ) {
            & $_ | Should -Not -BeNullOrEmpty
            Get-FtpSession -Current | Should -Be $older
        }

        It 'is no former one again when the one connected after a failure is closed' {
            $null = Get-ExpectedError { Connect-Ftp 127.0.0.1 -Port $deaf @account }
            $newer = Connect-TestServer $ftp
            Get-FtpSession -Current | Should -Be $newer
            Disconnect-Ftp
            Get-FtpSession -Current | Should -BeNullOrEmpty
            Get-FtpSession | Should -Be $older
        }
    }

    Describe 'Several servers down one pipeline' -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $other = Start-TestServer $Name -Option '--anonymous'
            $account = @{ Credential = $ftp.Credential; Tls = 'None' }
            $listener = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Loopback), 0
            $listener.Start()
            $deaf = [pscustomobject]@{ ComputerName = '127.0.0.1'; Port = $listener.LocalEndpoint.Port; Name = 'deaf' }
            $listener.Stop()
            $good = [pscustomobject]@{ ComputerName = $ftp.Host; Port = $ftp.Port; Name = 'good' }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'are connected to each, and one that fails is an error of its own' {
            $sessions = $deaf, $good, $deaf, $good | Connect-Ftp @account -ErrorAction SilentlyContinue -ErrorVariable failures
            $sessions.Name | Should -Be 'good', 'good'
            $failures | Should -HaveCount 2
            $failures.FullyQualifiedErrorId | Should -Be (@('FtpHostUnreachable,FtpTools.Commands.ConnectFtpCommand') * 2)
            $failures.TargetObject | Should -Be @('127.0.0.1', '127.0.0.1')
            $failures.Exception.Server | Should -Be (@("127.0.0.1:$($deaf.Port)") * 2)
            Get-FtpSession -Current | Should -Be $sessions[1]
        }

        It 'leave none current when the last fails' {
            ($good, $deaf | Connect-Ftp @account -ErrorAction SilentlyContinue).Name | Should -Be 'good'
            Get-FtpSession -Current | Should -BeNullOrEmpty
        }

        It 'end at the first that fails with -ErrorAction Stop' {
            { $deaf, $good | Connect-Ftp @account -ErrorAction Stop } | Should -Throw -ErrorId 'FtpHostUnreachable,FtpTools.Commands.ConnectFtpCommand'
            Get-FtpSession | Should -BeNullOrEmpty
        }

        It 'are tested each' {
            $bad = [pscustomobject]@{ ComputerName = 'ftp.example.com/dir'; Port = 21 }
            $tests = $bad, $good | Test-FtpConnection @account -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.TestFtpConnectionCommand'
            $tests[-1].Step | Should -Be 'Recommendation'
            @($tests | Where-Object Succeeded -EQ $false) | Should -BeNullOrEmpty
        }

        It 'have the items of one that is gone told once, and those of the others done' {
            $null = New-TestFile (Join-Path $ftp.Root 'gone/a.txt') 'of one'
            $null = New-TestFile (Join-Path $other.Root 'there/b.txt') 'of the other'
            $one = Connect-TestServer $ftp
            $two = Connect-TestServer $other @{ Tls = 'None' }
            $gone = @(Get-FtpChildItem /gone -Session $one) * 10
            $there = Get-FtpChildItem /there -Session $two
            Disconnect-Ftp $one
            ($gone + $there + $gone | Get-FtpItem -ErrorAction SilentlyContinue -ErrorVariable failures).FullName | Should -Be '/there/b.txt'
            $failures.FullyQualifiedErrorId | Should -Be (@('FtpSessionClosed,FtpTools.Commands.GetFtpItemCommand') * 2)
            $failures[1].Exception.Message | Should -BeLike '19 more items*weren''t tried*'
            $failures.Exception.Server | Should -Be (@($one.Server) * 2)

            $results = $gone + $there | Receive-FtpItem -Destination $TestDrive -ErrorAction SilentlyContinue -ErrorVariable failures
            $results | Where-Object Status -EQ 'Succeeded' | ForEach-Object Server | Should -Be $two.Server
            $lost = @($results | Where-Object Status -EQ 'Failed')
            $lost | Should -HaveCount 10
            $lost.Server | Select-Object -Unique | Should -Be $one.Server
            $failures.FullyQualifiedErrorId | Should -Be 'FtpSessionClosed,FtpTools.Commands.ReceiveFtpItemCommand'
            [IO.File]::ReadAllText((Join-Path $TestDrive 'b.txt')) | Should -Be 'of the other'
        }

        It 'are taken as objects tell them, host:port' {
            $session = Connect-Ftp "$($ftp.Host):$($ftp.Port)" @account
            $session.Server | Should -Be "$($ftp.Host):$($ftp.Port)"
            (Get-FtpItem / | Select-Object Server | Connect-Ftp @account).Port | Should -Be $ftp.Port
            # With a port beside it, it is a name, and none that there is.
            (Get-ExpectedError { Connect-Ftp "$($ftp.Host):$($ftp.Port)" -Port 21 @account -TimeoutSec 5 }).FullyQualifiedErrorId | Should -BeLike 'Ftp*,*'
        }

        It 'are disconnected each' {
            $sessions = $good, $good | Connect-Ftp @account
            $sessions | Disconnect-Ftp
            $sessions.State | Should -Be 'Closed', 'Closed'
        }
    }

    Describe '-ErrorAction and what ends a command' -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $files = foreach ($i in 1..20) { New-TestFile (Join-Path $TestDrive "files/$i.txt") "file $i" }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'is heeded by <Name>' -ForEach @(
            @{ Name = 'Get-FtpItem'; Script = { Get-FtpItem / @args } }
            @{ Name = 'Get-FtpChildItem'; Script = { Get-FtpChildItem / @args } }
            @{ Name = 'Test-FtpPath'; Script = { Test-FtpPath / @args } }
            @{ Name = 'Remove-FtpItem'; Script = { Remove-FtpItem /a @args } }
            @{ Name = 'New-FtpItem'; Script = { New-FtpItem /a @args } }
            @{ Name = 'Set-FtpMode'; Script = { Set-FtpMode Active @args } }
            @{ Name = 'Disconnect-Ftp'; Script = { Disconnect-Ftp @args } }
            @{ Name = 'Test-FtpConnection'; Script = { Test-FtpConnection @args } }
            @{ Name = 'Send-FtpItem'; Script = { Send-FtpItem $files[0] @args } }
            @{ Name = 'Receive-FtpItem'; Script = { Receive-FtpItem /a @args } }
            @{ Name = 'Connect-Ftp'; Script = { Connect-Ftp 'no/name' @args }; Id = 'FtpInvalidName' }
            @{ Name = 'Get-FtpSession'; Script = { Get-FtpSession none @args } }
            @{ Name = 'Select-FtpSession'; Script = { Select-FtpSession -Name none @args } }
        ) {
            $id = if ($Id) { $Id } else { 'FtpNoSession' }
            (Get-ExpectedError { & $Script -ErrorAction Stop }).FullyQualifiedErrorId | Should -BeLike "$id,*"
            { & $Script -ErrorAction Stop } | Should -Throw
            foreach ($action in 'SilentlyContinue', 'Ignore', 'Continue') {
                $value = 'former'
                $failures = $null
                # What is thrown would leave the variable as it was. (The error variable is one of the scope that the cmdlet runs in.)
                $value = . $Script -ErrorAction $action -ErrorVariable failures 2>$null
                $value | Should -Not -Be 'former'
                if ($action -ne 'Ignore') { $failures[0].FullyQualifiedErrorId | Should -BeLike "$id,*" }
            }
        }

        It 'ends nothing of Send-FtpItem before each file has a result: no session' {
            $ErrorActionPreference = 'Continue'
            $value = 'former'
            $value = Send-FtpItem $files /in/ 2>&1
            $failures = @($value | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
            $failures.FullyQualifiedErrorId | Should -Be 'FtpNoSession,FtpTools.Commands.SendFtpItemCommand'
            $results = @($value | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] })
            $results | Should -HaveCount 20
            $results.Status | Select-Object -Unique | Should -Be 'Failed'
            $results.Source | Should -Be $files
            $value[-1] | Should -Be $failures[0]

            $value = Get-Item $files | Send-FtpItem -Destination /in/ -ErrorAction SilentlyContinue -ErrorVariable failures
            $value | Should -HaveCount 20
            $failures | Should -HaveCount 1
            $value[19].Error | Should -Be 'Not tried, because of the error FtpNoSession.'
        }

        It 'ends nothing of Receive-FtpItem before each file has a result: no session' {
            $value = 'former'
            $value = '/a', '/b' | Receive-FtpItem -Destination $TestDrive -ErrorAction SilentlyContinue -ErrorVariable failures
            $value.Source | Should -Be '/a', '/b'
            $value.Status | Should -Be 'Failed', 'Failed'
            $failures.FullyQualifiedErrorId | Should -Be 'FtpNoSession,FtpTools.Commands.ReceiveFtpItemCommand'
        }

        It 'ends <Direction> with results of what was done, then of what was not, then the error: the session is closed' -ForEach @(
            @{ Direction = 'Send-FtpItem'; Script = { Get-Item $files | Send-FtpItem -Destination "$($folder.Remote)/" -Session $session } }
            @{ Direction = 'Receive-FtpItem'; Script = { $names | Receive-FtpItem -Destination (Join-Path $TestDrive 'received/') -Force -Session $session } }
        ) {
            $ErrorActionPreference = 'Continue'
            foreach ($i in 1..20) { $null = New-TestFile (Join-Path $folder.Local "down/$i.txt") "file $i" }
            $names = 1..20 | ForEach-Object { "$($folder.Remote)/down/$_.txt" }
            $session = Connect-TestServer $ftp @{ MaxConnection = 1 }
            $done = 0
            $value = 'former'
            $value = . $Script 2>&1 | ForEach-Object {
                # As another runspace might.
                if ($_ -is [FtpTools.FtpTransferResult] -and $_.Status -eq 'Succeeded' -and ++$done -eq 2) { $session.Dispose() }
                $_
            }
            $value[-1] | Should -BeOfType Management.Automation.ErrorRecord
            $value[-1].FullyQualifiedErrorId | Should -BeLike "FtpSessionClosed,*"
            $results = @($value | Where-Object { $_ -is [FtpTools.FtpTransferResult] })
            $results | Should -HaveCount 20
            @($value).Count | Should -Be 21
            $results[0, 1].Status | Should -Be 'Succeeded', 'Succeeded'
            $results[19].Status | Should -Be 'Failed'
            $results[19].Server | Should -Be $session.Server
            $results[19].Server | Should -Be $session.Server
        }

        It 'keeps no variable from being assigned where the destination is no directory' {
            $null = Connect-TestServer $ftp
            $value = 'former'
            $value = Send-FtpItem $files[0, 1] "$($folder.Remote)/name" -ErrorAction SilentlyContinue -ErrorVariable failures
            $value.Status | Should -Be 'Failed', 'Failed'
            $failures.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.SendFtpItemCommand'
            $null = New-TestFile (Join-Path $folder.Local 'c.txt')
            $null = New-TestFile (Join-Path $folder.Local 'd.txt')
            $value = 'former'
            $value = Receive-FtpItem "$($folder.Remote)/c.txt", "$($folder.Remote)/d.txt" (Join-Path $TestDrive 'name') -ErrorAction SilentlyContinue -ErrorVariable failures
            $value.Status | Should -Be 'Failed', 'Failed'
            $failures.FullyQualifiedErrorId | Should -Be 'FtpInvalidName,FtpTools.Commands.ReceiveFtpItemCommand'
        }
    }

    Describe 'Items of another server' -ForEach $server -Skip:$server.Skip {
        BeforeDiscovery {
            # Each does something with $row, which is the item a.txt of the first server.
            $uses = @(
                @{ Use = '| Get-FtpItem'; Script = { $row | Get-FtpItem @args } }
                @{ Use = 'Get-FtpItem'; Script = { Get-FtpItem $row @args } }
                @{ Use = '| Get-FtpChildItem'; Script = { $row | Get-FtpChildItem @args } }
                @{ Use = 'Get-FtpChildItem'; Script = { Get-FtpChildItem $row @args } }
                @{ Use = '| Test-FtpPath'; Script = { $row | Test-FtpPath @args } }
                @{ Use = '| Receive-FtpItem'; Script = { $row | Receive-FtpItem -Destination $TestDrive -Force @args } }
                @{ Use = 'Receive-FtpItem'; Script = { Receive-FtpItem $row $TestDrive -Force @args } }
                @{ Use = 'Receive-FtpItem -LiteralPath'; Script = { Receive-FtpItem -LiteralPath $row -Destination $TestDrive -Force @args } }
                @{ Use = 'Send-FtpItem -Destination'; Script = { Send-FtpItem $local -Destination $row @args } }
                @{ Use = 'New-FtpItem'; Script = { New-FtpItem $row -Force @args } }
                @{ Use = '| Remove-FtpItem'; Script = { $row | Remove-FtpItem -Confirm:$false @args } }
                @{ Use = 'Remove-FtpItem'; Script = { Remove-FtpItem $row -Confirm:$false @args } }
                @{ Use = 'Remove-FtpItem -InputObject'; Script = { Remove-FtpItem -InputObject $row -Confirm:$false @args } }
            )
            $forms = @(
                @{ Form = 'CLIXML'; Write = { $args[0] | Export-Clixml (Join-Path $TestDrive 'item.xml'); Import-Clixml (Join-Path $TestDrive 'item.xml') } }
                @{ Form = 'CSV'; Write = { $args[0] | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv } }
                @{ Form = 'JSON'; Write = { $args[0] | Select-Object Name, FullName, Server, Length | ConvertTo-Json | ConvertFrom-Json } }
            )
        }

        BeforeAll {
            $ftp = Start-TestServer $Name
            $other = Start-TestServer $Name -Option '--anonymous'
            $local = New-TestFile (Join-Path $TestDrive 'local.txt') 'local'
            # The same path on both.
            function Reset-TestFile { foreach ($one in $ftp, $other) { $null = New-TestFile (Join-Path $one.Root 'both/a [x].txt') "of $($one.Port)" } }
            Reset-TestFile
            $one = Connect-TestServer $ftp @{ Name = 'one' }
            $two = Connect-TestServer $other @{ Name = 'two'; Tls = 'None' }
            $item = Get-FtpChildItem /both -Session one
        }

        BeforeEach { $null = Select-FtpSession two }

        AfterAll { Disconnect-Ftp -All }

        It 'tell their server' {
            $item.Server | Should -Be "$($ftp.Host):$($ftp.Port)"
            $item.Server | Should -Be $one.Server
        }

        It 'are FtpWrongServer for <Use>, read back from <Form>' -ForEach @(
            foreach ($use in $uses) { foreach ($form in $forms) { $use + $form } }
        ) {
            Reset-TestFile
            $row = & $Write $item
            $value = . $Script -ErrorAction SilentlyContinue -ErrorVariable failures
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'FtpWrongServer,FtpTools.Commands.*'
            $failures[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
            $failures[0].TargetObject | Should -Be '/both/a [x].txt'
            $failures[0].Exception.Server | Should -Be $one.Server
            $failures[0].Exception.Message | Should -BeLike "*$($one.Server)*'two'*$($two.Server)*Select-FtpSession*-Session*"
            @($value | Where-Object { $_.Status -ne 'Failed' }) | Should -BeNullOrEmpty
            foreach ($server in $ftp, $other) { [IO.File]::ReadAllText((Join-Path $server.Root 'both/a [x].txt')) | Should -Be "of $($server.Port)" }

            # With their own server current, and where the user says otherwise, they are taken.
            $null = Select-FtpSession one
            foreach ($with in @{}, @{ Session = 'one' }, @{ Session = $two }) {
                Reset-TestFile
                $null = . $Script -ErrorAction SilentlyContinue -ErrorVariable failures @with
                $failures | Should -BeNullOrEmpty
            }
        }

        It 'are taken by their own session for <Use> while they are live' -ForEach $uses {
            Reset-TestFile
            $row = $item
            $value = & $Script
            foreach ($emitted in $value | Where-Object { $_ -isnot [bool] }) { $emitted.Server | Should -Be $one.Server }
            [IO.File]::ReadAllText((Join-Path $other.Root 'both/a [x].txt')) | Should -Be "of $($other.Port)"
        }

        It 'are one error each, and the others are done' {
            $rows = @($item, (Get-FtpItem -LiteralPath '/both/a [x].txt'), $item) | Select-Object FullName, Server
            ($rows | Get-FtpItem -ErrorAction SilentlyContinue -ErrorVariable failures).Server | Should -Be $two.Server
            $failures.FullyQualifiedErrorId | Should -Be (@('FtpWrongServer,FtpTools.Commands.GetFtpItemCommand') * 2)
        }

        It 'are those of the same one in another spelling' {
            $row = [pscustomobject]@{ FullName = '/both/a [x].txt'; Server = $two.Server.ToUpper() }
            ($row | Get-FtpItem).Server | Should -Be $two.Server
            ([pscustomobject]@{ FullName = '/both/a [x].txt'; Server = $other.Host } | Get-FtpItem).Server | Should -Be $two.Server
            # Without a server, nobody can say.
            ([pscustomobject]@{ FullName = '/both/a [x].txt'; Server = '' } | Get-FtpItem).Server | Should -Be $two.Server
        }
    }

    Describe 'What is asked with -WhatIf' -ForEach $server -Skip:$server.Skip {
        BeforeDiscovery {
            Import-Module $manifest
            # What takes no session changes something here alone.
            $changing = Get-Command -Module FtpTools | Where-Object { $_.Parameters.ContainsKey('WhatIf') -and $_.Parameters.ContainsKey('Session') } | ForEach-Object Name
        }

        BeforeAll {
            $ftp = Start-TestServer $Name
            $folder = New-TestFolder $ftp
            $null = New-TestFile (Join-Path $folder.Local 'a.txt')
            $local = New-TestFile (Join-Path $TestDrive 'local.txt')
            $session = Connect-TestServer $ftp @{ Name = 'asked' }
            $at = $folder.Remote
            # A cmdlet that is missing here fails the test.
            $lines = @{
                'Disconnect-Ftp'  = { Disconnect-Ftp -WhatIf }, { Disconnect-Ftp -All -WhatIf }
                'Set-FtpMode'     = , { Set-FtpMode Active -WhatIf }
                'Send-FtpItem'    = { Send-FtpItem $local $at -WhatIf }, { Send-FtpItem $TestDrive $at -Recurse -WhatIf }
                'Receive-FtpItem' = { Receive-FtpItem "$at/a.txt" $TestDrive -WhatIf }, { Receive-FtpItem $at $TestDrive -Recurse -WhatIf }
                'New-FtpItem'     = { New-FtpItem "$at/b.txt" -WhatIf }, { New-FtpItem "$at/b" -ItemType Directory -WhatIf }
                'Remove-FtpItem'  = { Remove-FtpItem "$at/a.txt" -WhatIf }, { Get-FtpItem $at | Remove-FtpItem -Recurse -WhatIf }
                'Rename-FtpItem'  = , { Rename-FtpItem "$at/a.txt" 'b.txt' -WhatIf }
                'Move-FtpItem'    = { Move-FtpItem "$at/a.txt" "$at/b.txt" -WhatIf }, { Move-FtpItem "$at/a.txt" "$at/new/" -Force -WhatIf }
                'Copy-FtpItem'    = , { Copy-FtpItem "$at/a.txt" "$at/b.txt" -WhatIf }
                'Set-FtpContent'  = , { Set-FtpContent "$at/b.txt" 'text' -WhatIf }
                'Add-FtpContent'  = , { Add-FtpContent "$at/a.txt" 'text' -WhatIf }
                'Invoke-FtpCommand' = , { Invoke-FtpCommand 'NOOP' -WhatIf }
                'Sync-FtpDirectory' = , { Sync-FtpDirectory $TestDrive $at -WhatIf }
                'Wait-FtpItem'    = , { Wait-FtpItem "$at/a.txt" -Stable 0 -TimeoutSec 0 -Claim 'work/*' -WhatIf }
                'Set-FtpItemProperty' = , { Set-FtpItemProperty "$at/a.txt" -LastWriteTime 2026-01-01 -Permission 644 -WhatIf }
            }
        }

        AfterAll { Disconnect-Ftp -All }

        It 'names the server: <_>' -ForEach $changing {
            foreach ($line in $lines[$_]) {
                $said = Join-Path $TestDrive 'said.txt'
                Start-Transcript $said | Out-Null
                try { & $line }
                finally { Stop-Transcript | Out-Null }
                @(Get-Content $said) -like 'What if: *' | Should -Not -BeNullOrEmpty
                @(Get-Content $said) -like 'What if: *' -notlike "*$($session.Server)*" | Should -BeNullOrEmpty
            }
            $lines.ContainsKey($_) | Should -BeTrue
            $session.State | Should -Be 'Opened'
        }
    }
}
