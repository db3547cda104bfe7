# Every example of the help pages, the about topics and README, taken from the page and run against the embedded server:
# in a folder, a runspace and a session of its own, with the names below in the place of those that an example presumes.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module $manifest
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $pages = Join-Path $repository 'docs/en-US'

    # What cannot be run here, and why; $null where it can, on this computer. It is parsed all the same.
    $parallel = if ($PSVersionTable.PSVersion.Major -lt 7) { 'ForEach-Object -Parallel is new in PowerShell 7' }
    $proxy = 'there is no proxy here; Connect-Ftp.Tests.ps1 goes through real ones'
    $openssl = if (-not (Get-Command openssl -ErrorAction Ignore)) { 'openssl is not here' }
    $vault = 'no vault is here'
    $job = 'Automation.Tests.ps1 runs it, in a shell of its own'
    $remoting = 'there is no other computer here; ScaleOut.Tests.ps1 has several'
    $notRun = @{
        'Connect-Ftp: Connect through a proxy that requires a login'                             = $proxy
        'about_FtpModes: Connect-Ftp ftp.example.com -Proxy socks5://proxy.example.com:1080'     = $proxy
        'about_FtpMigration: Connect-Ftp host -Proxy socks5://proxy:1080'                        = $proxy
        'about_FtpServers: Receive-FtpItem ''/DISK$USER:[ANNA]/A.TXT'' . -TransferType Ascii'    = 'brackets in a path are not wildcards on OpenVMS alone'
        'Invoke-FtpCommand: Specify the attributes of a data set on z/OS'                        = 'no other system knows such a command'
        'about_FtpTls: ''QUIT'' | openssl s_client -connect ftp.example.com:21 -starttls ftp'      = $openssl
        'about_FtpTools: $session = Get-FtpSession -Current'                                     = $parallel
        'Get-FtpSession: Share a session between threads'                                        = $parallel
        'Select-FtpSession: Pass a session to another thread as its current session'             = $parallel
        'README: Register-PSResourceRepository FtpToolsFolder -Uri (Resolve-Path .).Path -Trusted' = 'the package is not built here; Package.Tests.ps1 installs it'
        'README: $env:FTPTOOLS_MODULE = (Get-Module -ListAvailable FtpTools).ModuleBase'         = 'it runs the tests'
        'Register-FtpProfile: Save a server with its password in a vault'                        = $vault
        'Unregister-FtpProfile: Remove a profile and its secret'                                 = $vault
        'Copy-FtpItem: Copy without passing through this computer'                               = 'the embedded server allows no FXP under TLS; Copy-FtpItem.Tests.ps1 does it'
        'Split-FtpSyncAction: Carry out a shard on another computer'                             = $remoting
        'about_FtpScaleOut: # Sync-Site.ps1'                                                     = $remoting
        'about_FtpScaleOut: Invoke-Command -HostName w1, w2 { "$HOME $($PSVersionTable.PSVersion)" }' = $remoting
        'Wait-FtpItem: Watch a directory permanently'                                            = 'it never ends'
        'about_FtpAutomation: # Receive-Order.ps1'                                               = $job
        'about_FtpAutomation: # Send-Report.ps1'                                                 = $job
        'about_FtpAutomation: # Deploy-Site.ps1'                                                 = $job
        'about_FtpAutomation: # Watch-Partner.ps1'                                               = $job
        'about_FtpAutomation: # Copy-Archive.ps1'                                                = $job
        'README: ./build.ps1 Package'                                                            = 'it makes and publishes the package'
    }

    # Errors that an example is about.
    $meant = @{
        'Select-FtpSession: Return to the previous session after a failed connection' = 'FtpHostUnreachable'
    }

    function New-Example([string] $Page, [string] $Title, [string] $Code, [string] $Shown) {
        $name = "${Page}: $Title"
        @{ Name = $name; Page = $Page; Code = $Code; Shown = $Shown; Reason = $notRun[$name]; Meant = @($meant[$name] | Where-Object { $_ }) }
    }

    function Read-Page([string] $Name) { [IO.File]::ReadAllText($Name).Replace("`r", '') }

    # The blocks of a cmdlet's page, each with the heading that it stands below.
    function Get-CmdletExample([string] $Path) {
        $section = [regex]::Match((Read-Page $Path), '(?ms)^## EXAMPLES$(.*?)^## ').Groups[1].Value
        foreach ($example in [regex]::Matches($section, '(?ms)^### Example \d+: (?<title>[^\n]*)\n(?<body>.*?)(?=^### |\z)')) {
            $body = $example.Groups['body'].Value
            $code = [regex]::Matches($body, '(?ms)^```powershell\n(.*?)^```') | ForEach-Object { $_.Groups[1].Value }
            New-Example (Split-Path $Path -Leaf).Replace('.md', '') $example.Groups['title'].Value ($code -join "`n") ([regex]::Match($body, '(?ms)^```output\n(.*?)^```').Groups[1].Value)
        }
    }

    function Test-Code([string] $Text) {
        $first = [regex]::Match($Text, '^(?:FtpTools\\)?[A-Z]\w+-\w+(?= \S|\n|$)').Value
        ($Text -match '^([$#(]|''[^'']*'' \||try )' -or ($first -and (Get-Command $first -ErrorAction Ignore)))
    }

    # The indented code of a topic: paragraphs that begin as PowerShell does. What follows such a one is what it shows.
    function Get-TopicExample([string] $Path) {
        $page = (Split-Path $Path -Leaf).Replace('.help.txt', '')
        $code = $null
        $seen = @{}
        foreach ($paragraph in (Read-Page $Path) -split '\n(?:[ ]*\n)+') {
            $lines = $paragraph -split '\n' | Where-Object { $_ }
            $isIndented = $lines -and -not ($lines -notmatch '^ {8}')
            $text = ($lines -replace '^ {8}') -join "`n"
            if ($isIndented -and (Test-Code $text)) { $code = if ($code) { "$code`n$text" } else { $text } }
            elseif ($code) {
                $title = ($code -split '\n')[0].TrimEnd(' |`{')
                # Several begin alike.
                $seen[$title]++
                if ($seen[$title] -gt 1) { $title += " ($($seen[$title]))" }
                New-Example $page $title $code $(if ($isIndented) { $text })
                $code = $null
            }
        }
    }

    # The lines behind the arrows.
    function Get-MigrationExample([string] $Path) {
        foreach ($line in [regex]::Matches((Read-Page $Path), '(?m)^ {8}-> (?<first>.*)\n(?<more>(?: {11}.*\n)*)')) {
            $code = $line.Groups['first'].Value + "`n" + $line.Groups['more'].Value
            New-Example 'about_FtpMigration' ($code -replace '\s+', ' ').Trim() $code
        }
    }

    # The same line stands at several places of one page.
    $examples = @(
        Get-ChildItem $pages -Filter *-*.md | ForEach-Object { Get-CmdletExample $_.FullName }
        Get-ChildItem $pages -Filter about_*.help.txt | Where-Object Name -NotLike about_FtpMigration* | ForEach-Object { Get-TopicExample $_.FullName }
        Get-MigrationExample (Join-Path $pages 'about_FtpMigration.help.txt')
        [regex]::Matches((Read-Page (Join-Path $repository 'README.md')), '(?ms)^```powershell\n(.*?)^```') | ForEach-Object {
            New-Example README ($_.Groups[1].Value -split '\n')[0] $_.Groups[1].Value
        }
    ) | Group-Object { $_.Name + $_.Code } | ForEach-Object { $_.Group[0] }
    $run = @($examples | Where-Object { -not $_.Reason })
    $known = @{
        Count  = $examples.Count
        Names  = @($examples.Name)
        Listed = @($notRun.Keys) + @($meant.Keys)
        Lines  = @($examples | Where-Object Page -NE README).Count
    }
}

Describe 'The example' -Tag NotOnWine {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestServer.psm1"
        $account = '--anonymous', '--user', 'anna', '--password', 'secret'
        $ftp = Start-TestServer embedded -Option (@('--tls', '--extensions') + $account)
        $implicit = Start-TestServer embedded -Option (@('--tls-implicit') + $account)
        # Where threads look for modules.
        $modules = Split-Path (Split-Path $manifest)
        if ((Split-Path $modules -Leaf) -eq 'FtpTools') { $modules = Split-Path $modules }
        $modulePath = $env:PSModulePath
        $env:PSModulePath = $modules + [IO.Path]::PathSeparator + $modulePath

        # What an example says, as a pattern, and what stands for it here.
        $substitutions = @(
            @('\bftp\.example\.com(?= .*-Tls Implicit)', "127.0.0.1:$($implicit.Port) -CertificateThumbprint $($implicit.Thumbprint)"),
            @('(?<=ftps://)ftp\.example\.com/out', "127.0.0.1:$($implicit.Port)/out -CertificateThumbprint $($implicit.Thumbprint)"),
            @('\bftp\.example\.com:990\b', "127.0.0.1:$($implicit.Port)"),
            @('(?<=\bTest-FtpConnection )ftp\.example\.com', "127.0.0.1:$($ftp.Port) -CertificateThumbprint $($ftp.Thumbprint)"),
            @('\b(ftp|a|b|old|new)\.example\.(com|org):21\b', "127.0.0.1:$($ftp.Port)"),
            @('\b(ftp|a|b|old|new)\.example\.(com|org)\b', "127.0.0.1:$($ftp.Port)"),
            @('(?<=Connect-Ftp )(host|localhost)\b', "127.0.0.1:$($ftp.Port)"),
            @('\blocalhost\b', "127.0.0.1:$($ftp.Port)"),
            @('(?<=-(Credential|ProxyCredential) )(admin|user)\b', '$credential'),
            @("'7D18D9F39A26[0-9A-F]+' \+\n +'[0-9A-F]+'", "'$($ftp.Thumbprint)'"),
            @('\b[CD]:\\', '$here/'),
            @(' -Port 2121', ''),
            @('(?<= )/(data|mnt)/site\b', '$here/Site'),
            @('/etc/ftptools/|~/', '$here/'),
            @('-Seconds 60', '-Milliseconds 10'),
            @('-Stable 1m -IntervalSec 30', '-Stable 1s -IntervalSec 1'),
            @('-TimeoutSec 600', '-TimeoutSec 2'),
            @('\bexit\b', 'return'),
            @('\./out/FtpTools', "'$manifest'")
        )

        # Those that exist when an example names some; in a folder that is not the user's.
        $profiles = @(
            foreach ($where in '', '-ProfilePath $here/profiles.json') {
                'foreach ($name in "nightly", "orders", "partner", "branch-1", "test-1") { Register-FtpProfile $name 127.0.0.1 -Port ' + $ftp.Port +
                    ' -Tls Explicit -CertificateThumbprint $fingerprint -CredentialPath $here/Jobs/ftp-credential.xml -Force ' + $where + ' }'
            }
        )
        $homes = @{ XDG_CONFIG_HOME = $env:XDG_CONFIG_HOME; XDG_DATA_HOME = $env:XDG_DATA_HOME; XDG_STATE_HOME = $env:XDG_STATE_HOME }

        # Variables that an example has from the one before, or from its reader.
        $presumed = @{
            tests   = '$global:tests = Test-FtpConnection "$((Get-FtpSession -Current).Server)" -Credential ([pscredential]::new("nobody", $credential.Password))'
            results = '$global:results = Receive-FtpItem /out/*.csv -Destination . -Force'
            errors  = '$global:errors = [Collections.ArrayList]@()'
            Error   = 'Get-FtpItem /no-such-file -ErrorAction SilentlyContinue'
        }

        # What lies on the server and here before an example runs. A folder ends in a slash.
        $remoteNames = @'
a, a.csv, a.txt, a.zip, big.iso, data/one.dat, done/, drop/odd [name].csv, drop/report.csv, etc/app.ini, in/a.csv, in/a.txt,
in/b.csv, in/large.csv, in/new.csv, in/old.txt, in/old/a.txt, in/orders.tmp, in/photos/one.jpg, in/prices.csv, in/report [final].pdf,
in/scan.pdf, in/setup.iso, in/work.tmp, inbox/, log/a.log, log/b.log, logs/backup.log, logs/import.log, out/2026/01/q1.pdf,
out/a.csv, out/a.xml, out/a.done, out/MD5SUMS, out/orders.csv, out/orders-2.csv, answers/order.xml.reply, archive/, in/new.zip, jobs/one.job, notes/a.txt, out/archive/old.csv, out/b.csv, out/backup.zip, out/done.flag, out/done/, out/image.iso, out/orders-1.csv,
out/part1.zip, out/part2.zip, out/part3.zip, out/part4.zip, out/prices.csv, out/report [final].pdf, photos/one.jpg, photos/same.jpg,
projects/2026-north/a.txt, pub/list.txt, backup/db-1.zip, backup/db-2.zip, web/a.html, web/b.html, web/cgi-bin/a.pl, web/config.php,
web/new/index.html, www/index.html, 'SYS1.PARMLIB(IEASYS00)', 'ANNA.SOURCE.COBOL'/PAY01, 'ANNA.'/SOURCE.COBOL/, u/anna/a.txt,
QSYS.LIB/ANNA.LIB/DAILY.SAVF, QSYS.LIB/ANNA.LIB/ORDERS.FILE/
'@
        $localNames = @'
a, a.csv, a.txt, b.csv, backup.zip, backup/db-1.bak, backup/db-2.bak, in/, Inbox/, index.html, Jobs/Inbox/, Jobs/Outbox/r.xml, list.txt,
Logs/a.log, Logs/b.log, more.log, notes.txt, notes/b.txt, order.xml, Outbox/r.xml, orders/a.csv, Out/a.csv, Out/a.zip, parts/1.bin, parts/2.bin, pay01.cbl,
photos/one.jpg, photos/sub/two.jpg, report.csv, Reports/r.csv, setup.iso, logs/app.log, Site/a.html, Site/b.html, Site/cgi-bin/a.pl, Site/config.php, site/.git/config, site/a.html, site/b.html,
site/drafts/c.html, today.csv, web/
'@
        $long = New-Object byte[] 9MB
        $zip = Join-Path $TestDrive 'one.zip'
        $null = New-TestFile (Join-Path $TestDrive 'one/one.txt') 'one'
        Compress-Archive (Join-Path $TestDrive 'one/one.txt') $zip
        $zip = [IO.File]::ReadAllBytes($zip)
        function New-Tree([string] $Root, [string] $Names) {
            foreach ($name in $Names -split ',\s+' | ForEach-Object Trim) {
                $path = Join-Path $Root $name
                $null = New-Item $(if ($name -like '*/') { $path } else { Split-Path $path }) -ItemType Directory -Force
                if ($name -like '*/') { continue }
                $bytes = if ($name -like '*/image.iso') { $long } elseif ($name -like '*.zip') { $zip } else { [Text.Encoding]::UTF8.GetBytes("Path,Name`n/in,$name`n") }
                [IO.File]::WriteAllBytes($path, $bytes)
                [IO.File]::SetLastWriteTimeUtc($path, [DateTime]::UtcNow.AddDays($(if ($name -match '^log/|archive') { -40 } else { -0.1 })))
            }
        }

        # Copy-Item takes its time, and there are hundreds of examples.
        function Copy-Tree([string] $From, [string] $To) {
            foreach ($folder in [IO.Directory]::GetDirectories($From, '*', 'AllDirectories')) { $null = [IO.Directory]::CreateDirectory($To + $folder.Substring($From.Length)) }
            foreach ($file in [IO.Directory]::GetFiles($From, '*', 'AllDirectories')) { [IO.File]::Copy($file, $To + $file.Substring($From.Length)) }
        }

        $remote = (New-Item (Join-Path $TestDrive 'remote') -ItemType Directory).FullName
        $local = (New-Item (Join-Path $TestDrive 'local') -ItemType Directory).FullName
        New-Tree $remote $remoteNames
        New-Tree $local $localNames
        "ComputerName,Port,Name`n127.0.0.1,$($ftp.Port),one" | Set-Content (Join-Path $local 'servers.csv')
        $ftp.Credential | Export-Clixml (Join-Path $local 'Jobs/ftp-credential.xml')
        $key = [Security.Cryptography.RSA]::Create(2048)
        $request = New-Object Security.Cryptography.X509Certificates.CertificateRequest 'CN=client', $key, 'SHA256', ([Security.Cryptography.RSASignaturePadding]::Pkcs1)
        $client = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(1))
        [IO.File]::WriteAllBytes((Join-Path $local 'client.pfx'), $client.Export('Pfx'))

        $initial = [initialsessionstate]::CreateDefault2()
        $null = $initial.ImportPSModule($manifest)

        # What the reader of an example brings along.
        $prelude = {
            param($Here, $Ftp, $Sessions)
            Set-Location $Here
            $global:here = $Here
            $global:ConfirmPreference = 'None'
            $global:Error.Clear()
            $global:LASTEXITCODE = 0
            $global:credential = $global:c = $Ftp.Credential
            $env:FTP_PASSWORD = $Ftp.Credential.GetNetworkCredential().Password
        $global:fingerprint = $Ftp.Thumbprint
            # The certificate is trusted, as that of any server of these names would be.
            $global:PSDefaultParameterValues = @{ 'Connect-*Ftp:CertificateThumbprint' = $Ftp.Thumbprint }
            function global:Get-Credential { $global:credential }
            foreach ($name in $Sessions) { $null = Connect-Ftp $Ftp.Host -Port $Ftp.Port -Credential $Ftp.Credential -Name $name }
        }

        # A runspace with the module in it serves until an example changes what is loaded: to open one takes a while.
        $state = @{ Shell = $null }
        function New-Shell {
            $space = [runspacefactory]::CreateRunspace($initial)
            $space.Open()
            $shell = [powershell]::Create()
            $shell.Runspace = $space
            $shell
        }

        function Remove-Shell {
            if (-not $state.Shell) { return }
            $state.Shell.Runspace.Dispose()
            $state.Shell.Dispose()
            $state.Shell = $null
        }

        function Invoke-Shell($Shell, [string] $Script, [object[]] $Argument = @()) {
            $Shell.Commands.Clear()
            $null = $Shell.AddScript($Script)
            foreach ($one in $Argument) { $null = $Shell.AddArgument($one) }
            $run = $Shell.BeginInvoke()
            if (-not $run.AsyncWaitHandle.WaitOne(60000)) { $Shell.Stop(); throw "Has not ended after a minute: $Script" }
            $Shell.EndInvoke($run)
        }

        # Runs an example: the errors, and the text that it shows.
        function Invoke-Example([string] $Code, [bool] $InEmptyFolder) {
            foreach ($folder in [IO.Directory]::GetDirectories($ftp.Root)) { [IO.Directory]::Delete($folder, $true) }
            foreach ($file in [IO.Directory]::GetFiles($ftp.Root)) { [IO.File]::Delete($file) }
            $here = (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory).FullName
            foreach ($name in $homes.Keys) { [Environment]::SetEnvironmentVariable($name, (Join-Path $TestDrive "home-$([guid]::NewGuid())")) }
        if (-not $InEmptyFolder) {
                Copy-Tree $remote $ftp.Root
                Copy-Tree $local $here
            }
            $rootOfImplicit = Join-Path $implicit.Root 'out'
            $null = New-Item $rootOfImplicit -ItemType Directory -Force
            foreach ($pair in $substitutions) { $Code = $Code -creplace $pair }
            # Those that are used before they are set.
            $needed = foreach ($name in $presumed.Keys) {
                $first = [regex]::Match($Code, "(?i)\`$$name\b(?<set>\s*=)?")
                if ($first.Success -and -not $first.Groups['set'].Success) { $presumed.$name }
            }
            $sessions = @([regex]::Matches($Code, '(?<=-Session |Select-FtpSession (?:-Name )?)[a-z]+\b') | ForEach-Object Value | Select-Object -Unique)
            $sessions = @($sessions | Where-Object { $Code -notmatch "Connect-Ftp .*-Name $_\b" })
            if ($Code -notmatch '^(.* = |FtpTools\\)?Connect-') { $sessions += 'current' }
            if (-not $state.Shell) { $state.Shell = New-Shell }
            $shell = $state.Shell
            $shell.Streams.ClearStreams()
            try {
                $null = Invoke-Shell $shell $prelude @($here, $ftp, $sessions)
                if ($Code -match '^(.* = )?(Get-|Unregister-)FtpProfile|^\S+ (\w+ )?-Profile ') { $needed = @($needed) + $profiles }
            foreach ($line in $needed | Where-Object { $_ }) { $null = Invoke-Shell $shell $line }
                if ($shell.Streams.Error.Count) { throw "The preparation: $($shell.Streams.Error)" }
                $thrown = $null
                $text = try { Invoke-Shell $shell "& {`n$Code`n} | Out-String -Width 120; if (`$LASTEXITCODE) { Write-Error `$LASTEXITCODE -ErrorId ExitCode }" } catch { $thrown = $_.Exception.InnerException }
                if ($thrown.ErrorRecord) { $shell.Streams.Error.Add($thrown.ErrorRecord) }
                elseif ($thrown) { throw $thrown }
                [pscustomobject]@{ Errors = @($shell.Streams.Error); Text = "$text"; Code = $Code }
            }
            finally {
                $null = Invoke-Shell $shell 'Disconnect-Ftp -All'
                # One that loads modules leaves more commands behind.
                if ($Code -match 'Import-Module') { Remove-Shell }
            }
        }

        # What a job of the night before has left: a failure, and what went well.
        $record = Invoke-Example 'Receive-FtpItem /out/a.csv, /out/b.csv -NoClobber -ErrorAction SilentlyContinue -Destination ./orders/ | Export-Csv transfers.csv; Get-Content transfers.csv'
        if ($record.Errors) { throw "$($record.Errors)" }
        foreach ($folder in 'Jobs', 'Logs') { [IO.File]::WriteAllText("$local/$folder/transfers.csv", $record.Text) }
        $journal = Invoke-Example 'Receive-FtpItem /out/a.csv, /out/b.csv -Destination ./orders/ -Force -Journal ./one.journal | Out-Null; Get-Content one.journal'
        if ($journal.Errors) { throw "$($journal.Errors)" }
        foreach ($name in 'inbox.journal', 'orders.jsonl') { [IO.File]::WriteAllText("$local/Jobs/$name", $journal.Text) }
        $plan = Invoke-Example 'Compare-FtpDirectory ./Site /web | Export-Csv plan.csv; Get-Content plan.csv'
        if ($plan.Errors) { throw "$($plan.Errors)" }
        [IO.File]::WriteAllText("$local/plan.csv", $plan.Text)

        # The columns of a table, or the names of a list.
        function Get-Shape([string] $Text) {
            $table = [regex]::Match($Text.Replace("`r", ''), '(?m)^(?<names>.*)\n *-+(?: +-+)* *$')
            if ($table.Success) { return ($table.Groups['names'].Value.Trim() -split '\s+') -join ' ' }
            ([regex]::Matches($Text, '(?m)^(\w+) +:(?= |\r?$)') | ForEach-Object { $_.Groups[1].Value } | Select-Object -Unique) -join ' '
        }
    }

    AfterAll {
        Remove-Shell
        $env:PSModulePath = $modulePath
        foreach ($name in $homes.Keys) { [Environment]::SetEnvironmentVariable($name, $homes.$name) }
    }

    It '<Name>' -ForEach $run {
        $result = Invoke-Example $Code ($Page -eq 'README')
        # What a program writes to standard error says nothing; its exit code does.
        $ids = $result.Errors | Where-Object FullyQualifiedErrorId -NotLike NativeCommandError* | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] }
        $ids | Should -Be $Meant -Because "$($result.Code)`n$($result.Errors | ForEach-Object { "$_ $($_.ScriptStackTrace)" })"
        if ($Shown) { Get-Shape $result.Text | Should -Be (Get-Shape $Shown) -Because $result.Text }
    }
}

Describe 'All examples' {
    It 'are taken from the pages' -ForEach $known {
        # A page whose examples are not found would pass unseen.
        $Count | Should -BeGreaterThan 250
        $Names | Group-Object | Where-Object Count -GT 1 | ForEach-Object Name | Should -BeNullOrEmpty
    }

    It 'that are said not to run, or to fail, are still there' -ForEach $known {
        $Listed | Where-Object { $_ -notin $Names } | Should -BeNullOrEmpty
    }

    It '<Name> names parameters that there are' -ForEach @($examples | Where-Object Reason) {
        $errors = $null
        $ast = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref]$null, [ref]$errors)
        $errors | Should -BeNullOrEmpty
        $calls = $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)
        foreach ($call in $calls) {
            # Programs, and modules that are not here.
            $command = Get-Command "$($call.GetCommandName())" -ErrorAction Ignore
            if ($command.Source -ne 'FtpTools') { continue }
            foreach ($parameter in $call.CommandElements.Where({ $_ -is [System.Management.Automation.Language.CommandParameterAst] })) {
                { $command.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because $call.Extent.Text
            }
        }
    }
}
