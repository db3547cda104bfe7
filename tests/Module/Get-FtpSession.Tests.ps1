BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $servers = Get-TestServer
}

foreach ($server in $servers) {
    Describe "Get-FtpSession, <Name>" -ForEach $server -Skip:$server.Skip {
        BeforeAll {
            $ftp = Start-TestServer $Name
            $null = New-TestFolder $ftp
        }

        BeforeEach {
            $first = Connect-TestServer $ftp @{ Name = 'first' }
            $second = Connect-TestServer $ftp @{ Name = 'second' }
        }

        AfterEach { Disconnect-Ftp -All }

        It 'gets all sessions, by id' {
            Get-FtpSession | Should -Be @($first, $second)
            $second.Id | Should -BeGreaterThan $first.Id
        }

        It 'gets the current session, which is the last connected' {
            Get-FtpSession -Current | Should -Be $second
        }

        It 'gets sessions by name, with wildcards and from the pipeline' {
            Get-FtpSession first | Should -Be $first
            Get-FtpSession 'SEC*' | Should -Be $second
            'second', 'first' | Get-FtpSession | Should -Be @($second, $first)
            Get-FtpSession 'none*' | Should -BeNullOrEmpty
        }

        It 'writes FtpNoSession for a name that there is not' {
            $failure = Get-ExpectedError { Get-FtpSession third }
            $failure.FullyQualifiedErrorId | Should -Be 'FtpNoSession,FtpTools.Commands.GetFtpSessionCommand'
            $failure.TargetObject | Should -Be 'third'
        }

        It 'sees no session of another runspace, which in turn sees none of these' {
            $shell = [PowerShell]::Create()
            try {
                $null = $shell.AddScript({
                    param($manifest, $ftp)
                    Import-Module $manifest
                    "before: $(@(Get-FtpSession).Count)"
                    $null = Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -Tls None -Name other
                    "after: $((Get-FtpSession).Name)"
                }).AddArgument($manifest).AddArgument($ftp)
                $shell.Invoke() | Should -Be @('before: 0', 'after: other')
                Get-FtpSession | Should -Be @($first, $second)
                Get-FtpSession -Current | Should -Be $second
            }
            finally { $shell.Dispose() }
        }

        It 'leaves no session open when its runspace is closed' {
            $runspace = [RunspaceFactory]::CreateRunspace()
            $runspace.Open()
            $shell = [PowerShell]::Create()
            $shell.Runspace = $runspace
            $null = $shell.AddScript({
                param($manifest, $ftp)
                Import-Module $manifest
                Connect-Ftp $ftp.Host -Port $ftp.Port -Credential $ftp.Credential -Tls None
            }).AddArgument($manifest).AddArgument($ftp)
            $session = $shell.Invoke()[0]
            $session.State | Should -Be 'Opened'
            $shell.Dispose()
            $runspace.Close()
            $session.State | Should -Be 'Closed'
        }

        It 'shows a session in a table' {
            $table = Get-FtpSession first | Out-String -Width 120
            $table | Should -Match '(?m)^ *Id +Name +ComputerName +UserName +Tls +Mode +Type +State +Location'
            $table | Should -Match "(?m)^ *$($first.Id) +first +.+ - +Auto +Binary +Opened +/"
        }
    }
}
