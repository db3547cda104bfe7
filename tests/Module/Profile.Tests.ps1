# Profiles: what Connect-Ftp is told, kept in a file, with a way to the secret and never the secret itself.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    $proxied = Get-TestServer | Where-Object Name -EQ vsftpd
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestServer.psm1"
    Import-Module "$PSScriptRoot/../PowerShell.psm1"
    Import-Module $manifest
    $ftp = Start-TestServer embedded
    $user = $ftp.Credential.UserName
    $password = $ftp.Credential.GetNetworkCredential().Password
    $server = @{ ComputerName = $ftp.Host; Port = $ftp.Port; Tls = 'None' }

    # A module in the place of SecretManagement, with one vault of two secrets, and one that would ask.
    $modules = Join-Path $TestDrive 'modules'
    $fake = (New-Item (Join-Path $modules 'Microsoft.PowerShell.SecretManagement') -ItemType Directory).FullName
    [IO.File]::WriteAllText((Join-Path $fake 'Microsoft.PowerShell.SecretManagement.psm1'), @'
function Get-Secret {
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Name, [string] $Vault)
    if ($Vault -and $Vault -ne 'Jobs') { throw "Vault $Vault does not exist in registry." }
    switch ($Name) {
        'ftp' { ConvertTo-SecureString $env:FTPTOOLS_TEST_SECRET -AsPlainText -Force }
        'login' { New-Object pscredential $env:FTPTOOLS_TEST_USER, (ConvertTo-SecureString $env:FTPTOOLS_TEST_SECRET -AsPlainText -Force) }
        'account' { 'purchasing' }
        'proxy' { New-Object pscredential $env:FTPTOOLS_TEST_PROXY_USER, (ConvertTo-SecureString $env:FTPTOOLS_TEST_PROXY -AsPlainText -Force) }
        'table' { @{ Password = 1 } }
        'locked' { Read-Host 'The vault asks for its password' }
        default { Write-Error "The secret $Name was not found." }
    }
}
Export-ModuleMember -Function Get-Secret
'@)
    $modulePath = $env:PSModulePath
    $env:FTPTOOLS_TEST_USER, $env:FTPTOOLS_TEST_SECRET, $env:FTPTOOLS_TEST_EMPTY = $user, $password, ''
}

AfterAll {
    'FTPTOOLS_TEST_USER', 'FTPTOOLS_TEST_SECRET', 'FTPTOOLS_TEST_EMPTY' | ForEach-Object { Remove-Item "Env:$_" -ErrorAction Ignore }
}

Describe 'Register-FtpProfile' {
    BeforeEach { $file = Join-Path $TestDrive "$([guid]::NewGuid())/profiles.json" }

    AfterEach { Disconnect-Ftp -All }

    It 'keeps all that Connect-Ftp takes, but secrets' {
        $all = @{
            UserName = 'anna'; SecretName = 'ftp'; ProxySecretName = 'proxy'; AccountSecretName = 'account'; VaultName = 'Jobs'; Tls = 'Explicit'; TlsVersion = 'Tls13'; CertificateThumbprint = 'AB' * 32
            SkipCertificateCheck = $true; SkipTlsEndCheck = $true; DataProtection = 'Clear'; ClearCommandChannel = $true; Mode = 'Active'; TransferType = 'Ascii'; ActiveAddress = '192.0.2.1'
            ActivePortRange = '50000-50100'; TrustPassiveAddress = $true; Proxy = 'socks5://anna@proxy.example.com:1080'; Encoding = 'us-ascii'; ServerTimeZone = '+02:00'
            TimeoutSec = 5; DataTimeoutSec = 6; KeepAliveSec = 7; SendAhead = 'Never'; MaxConnection = 8; MaxListingItem = 9; LogLevel = 'Trace'; LogPath = 'ftp.log'
        }
        Push-Location $TestDrive
        try { Register-FtpProfile nightly ftp.example.com -Port 2121 -ProfilePath $file @all | Should -BeNullOrEmpty }
        finally { Pop-Location }
        $kept = Get-FtpProfile nightly -ProfilePath $file
        $kept | Should -BeOfType FtpTools.FtpProfile
        $kept.ComputerName, $kept.Port, $kept.ProfilePath, $kept.PasswordFrom | Should -Be 'ftp.example.com', 2121, $file, 'Vault'
        $all.LogPath = Join-Path (Get-Item $TestDrive).FullName 'ftp.log'
        $all.ServerTimeZone = 'UTC+02:00'
        foreach ($name in $all.Keys) { $kept.$name | Should -Be $all.$name -Because $name }
        # Each parameter of Connect-Ftp has its place, but those that are secrets, to which there are ways, and those that say which profile.
        $parameters = (Get-Command Connect-Ftp).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters }
        $parameters | Where-Object { $_ -notin 'Credential', 'Account', 'ProxyCredential', 'ClientCertificate', 'Profile', 'Name' } | ForEach-Object {
            [FtpTools.FtpProfile].GetProperty($_) | Should -Not -BeNullOrEmpty -Because $_
            (Get-Command Register-FtpProfile).Parameters.Keys | Should -Contain $_
        }
    }

    It 'takes each value back as Connect-Ftp would take it on the line' {
        $null = Register-FtpProfile nightly @server -ProfilePath $file -Encoding us-ascii -ServerTimeZone '+02:00' -ActivePortRange 50000-50100 -ActiveAddress 127.0.0.1 -TransferType Ascii -Mode Epsv -MaxConnection 3
        $session = Connect-Ftp -Profile nightly -ProfilePath $file -Credential $ftp.Credential
        $session.TransferType, $session.Mode, $session.MaxConnection | Should -Be 'Ascii', 'Epsv', 3
        $session.ServerTimeZoneOffset | Should -Be '02:00:00'
        "$($session.ActivePortRange) $($session.ActiveAddress)".Trim() | Should -BeIn '50000-50100 127.0.0.1', ''
    }

    It 'emits the profile with -PassThru, has a view, and writes nothing with -WhatIf' {
        Register-FtpProfile nightly ftp.example.com -ProfilePath $file -WhatIf
        $file | Should -Not -Exist
        Register-FtpProfile nightly ftp.example.com -ProfilePath $file -PassThru | Should -BeOfType FtpTools.FtpProfile
        Get-FtpProfile -ProfilePath $file | Out-String -Width 80 | Should -Match '(?s)Name +UserName +PasswordFrom +Server.*nightly +- +- +ftp\.example\.com'
        Unregister-FtpProfile nightly -ProfilePath $file -WhatIf
        Get-FtpProfile nightly -ProfilePath $file | Should -Not -BeNullOrEmpty
    }

    It 'replaces a profile with -Force alone, and finds it whatever the case' {
        Register-FtpProfile nightly a.example.com -ProfilePath $file -MaxConnection 2
        $failure = Get-ExpectedError { Register-FtpProfile NIGHTLY b.example.com -ProfilePath $file }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpAlreadyExists,FtpTools.Commands.RegisterFtpProfileCommand'
        (Get-FtpProfile nightly -ProfilePath $file).ComputerName | Should -Be 'a.example.com'
        Register-FtpProfile NIGHTLY b.example.com -ProfilePath $file -Force
        $kept = Get-FtpProfile -ProfilePath $file
        $kept.Name, $kept.ComputerName | Should -Be 'NIGHTLY', 'b.example.com'
        $kept.MaxConnection | Should -BeNullOrEmpty
    }

    It 'waits for whoever reads the file' {
        Register-FtpProfile nightly a.example.com -ProfilePath $file
        $reader = [IO.File]::Open($file, 'Open', 'Read', 'ReadWrite, Delete')
        $shell = [PowerShell]::Create().AddScript("Import-Module '$manifest'; Register-FtpProfile weekly b.example.com -ProfilePath '$file'")
        try {
            $run = $shell.BeginInvoke()
            # On Windows nothing takes the place of a file that is open; on Unix it is done by then.
            $time = [Diagnostics.Stopwatch]::StartNew()
            while (-not $run.IsCompleted -and -not (Test-Path "$file.*.tmp")) {
                $time.Elapsed.TotalSeconds | Should -BeLessThan 30
                [Threading.Thread]::Yield() | Out-Null
            }
            $reader.Dispose()
            $null = $shell.EndInvoke($run)
            $shell.Streams.Error | Should -BeNullOrEmpty
        }
        finally {
            $reader.Dispose()
            $shell.Dispose()
        }
        (Get-FtpProfile -ProfilePath $file).Name | Should -Be 'nightly', 'weekly'
    }

    It 'makes one of another, with other values where they are given' {
        Register-FtpProfile -Name nightly -Uri 'ftpes://anna@ftp.example.com/in' -ProfilePath $file -MaxConnection 2 -SecretName ftp -VaultName Jobs -Mode Passive
        Register-FtpProfile nightly -Profile nightly -Force -MaxConnection 8 -ProfilePath $file
        $kept = Get-FtpProfile nightly -ProfilePath $file
        $kept.Uri, $kept.MaxConnection, $kept.Mode, $kept.SecretName, $kept.VaultName | Should -Be 'ftpes://anna@ftp.example.com/in', 8, 'Passive', 'ftp', 'Jobs'
        $weekly = $kept | Register-FtpProfile -Name weekly -ComputerName b.example.com -PasswordVariable WEEKLY -UserName bert -ProfilePath $file -PassThru
        $weekly.ComputerName, $weekly.PasswordFrom, $weekly.Mode | Should -Be 'b.example.com', 'EnvironmentVariable', 'Passive'
        @($weekly.Uri, $weekly.SecretName, $weekly.VaultName).Where({ $_ }) | Should -BeNullOrEmpty
        # A vault is that of all secrets, and of the password's no more where that comes from elsewhere.
        $secrets = Register-FtpProfile secrets -Profile nightly -ProfilePath $file -AccountSecretName account -PasswordVariable NIGHTLY -UserName anna -PassThru
        $secrets.AccountSecretName, $secrets.VaultName, $secrets.PasswordVariable, $secrets.SecretName | Should -Be 'account', 'Jobs', 'NIGHTLY', $null
        $proxied = Register-FtpProfile proxied -Profile secrets -ProfilePath $file -AccountVariable ACCOUNT -Proxy socks5://anna@proxy:1080 -ProxyPasswordVariable PROXY -PassThru
        $proxied.AccountSecretName, $proxied.VaultName, $proxied.AccountVariable, $proxied.ProxyPasswordVariable, $proxied.PasswordVariable | Should -Be $null, $null, 'ACCOUNT', 'PROXY', 'NIGHTLY'
        Register-FtpProfile daily -Profile weekly -ProfilePath $file -CredentialScript { 'a' + 'b' }
        $daily = Register-FtpProfile daily -Profile daily -ProfilePath $file -Force -KeepAliveSec 9 -PassThru
        $daily.CredentialScript, $daily.KeepAliveSec, $daily.PasswordVariable | Should -Be " 'a' + 'b' ", 9, $null
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'a password in the address'; With = @{ Uri = 'ftp://anna:secret@ftp.example.com' }; Says = '*-SecretName*' }
        @{ Why = 'a password in the address of a proxy'; With = @{ ComputerName = 'a'; Proxy = 'http://anna:secret@proxy:8080' }; Says = '*-ProxySecretName, -ProxyCredentialPath*' }
        @{ Why = 'two ways to the proxy''s'; With = @{ ComputerName = 'a'; Proxy = 'http://anna@proxy:8080'; ProxyCredentialPath = 'a.xml'; ProxyPasswordVariable = 'A' }; Says = '-ProxySecretName, *-ProxyCredentialScript can''t be combined*' }
        @{ Why = 'two ways to the account'; With = @{ ComputerName = 'a'; AccountPath = 'a.xml'; AccountScript = { 1 } }; Says = '-AccountSecretName, *-AccountScript can''t be combined*' }
        @{ Why = 'a way to the password of no proxy'; With = @{ ComputerName = 'a'; ProxySecretName = 'proxy' }; Says = '-ProxySecretName requires a proxy*-Proxy*' }
        @{ Why = 'a proxy''s password without an account'; With = @{ ComputerName = 'a'; Proxy = 'socks5://proxy:1080'; ProxyPasswordVariable = 'FTP' }; Says = '-ProxyPasswordVariable*socks5://user@host:1080*' }
        @{ Why = 'two ways'; With = @{ ComputerName = 'a'; UserName = 'anna'; SecretName = 'ftp'; PasswordVariable = 'FTP' }; Says = '*can''t be combined*' }
        @{ Why = 'a vault without a secret'; With = @{ ComputerName = 'a'; VaultName = 'Jobs' }; Says = '*-SecretName*' }
        @{ Why = 'a password without an account'; With = @{ ComputerName = 'a'; PasswordVariable = 'FTP' }; Says = '*-UserName*' }
        @{ Why = 'an address that is none'; With = @{ Uri = 'http://ftp.example.com' }; Says = '*isn''t a valid FTP address*' }
        @{ Why = 'a certificate without TLS'; With = @{ ComputerName = 'a'; Tls = 'None'; CertificateThumbprint = 'AB' * 32 }; Says = '*plain FTP*' }
    ) {
        $failure = Get-ExpectedError { Register-FtpProfile -Name nightly -ProfilePath $file @With }
        $failure.Exception.Message | Should -BeLike $Says
        $failure.Exception.Message | Should -Not -BeLike '*secret@*'
        $file | Should -Not -Exist
    }

    It 'takes rows of a table' {
        "Name,ComputerName,Port,UserName,PasswordVariable,SecretName`na,a.example.com,2121,anna,A,`nb,b.example.com,21,bert,B," | ConvertFrom-Csv | Register-FtpProfile -ProfilePath $file
        (Get-FtpProfile -ProfilePath $file).ForEach({ "$($_.Name) $($_.ComputerName) $($_.Port) $($_.UserName) $($_.PasswordVariable)" }) | Should -Be 'a a.example.com 2121 anna A', 'b b.example.com 21 bert B'
    }

    It 'keeps a client certificate by its thumbprint, and finds it in the store again' {
        Skip-Test -If ($env:OS -eq 'Windows_NT') -Because 'Where the store of certificates is can be told by HOME on Unix alone.'
        $secure = Start-TestServer embedded '--tls'
        # A store of this test's own: .NET keeps the user's below the home directory.
        $script = Join-Path $TestDrive 'certificate.ps1'
        [IO.File]::WriteAllText($script, @"
Import-Module '$manifest'
`$key = [Security.Cryptography.RSA]::Create(2048)
`$request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=anna', `$key, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
`$certificate = `$request.CreateSelfSigned([DateTimeOffset]::Now.AddDays(-1), [DateTimeOffset]::Now.AddDays(1))
try { Register-FtpProfile nightly localhost -Port $($secure.Port) -SkipCertificateCheck -ClientCertificate `$certificate -ProfilePath '$file' -ErrorAction Stop } catch { "refused: `$_" }
`$store = [Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
`$store.Open('ReadWrite')
`$store.Add(`$certificate)
Register-FtpProfile nightly localhost -Port $($secure.Port) -SkipCertificateCheck -ClientCertificate `$certificate -ProfilePath '$file'
(Get-FtpProfile nightly -ProfilePath '$file').ClientCertificateThumbprint -eq `$certificate.Thumbprint
(Connect-Ftp -Profile nightly -ProfilePath '$file' -Credential (New-Object pscredential '$($secure.Credential.UserName)', (ConvertTo-SecureString '$($secure.Credential.GetNetworkCredential().Password)' -AsPlainText -Force)) 3>`$null).State
`$store.Remove(`$certificate)
try { Connect-Ftp -Profile nightly -ProfilePath '$file' -ErrorAction Stop } catch { "missing: `$_" }
"@)
        $home_ = $env:HOME
        $env:HOME = (New-Item (Join-Path $TestDrive 'home-of-certificates') -ItemType Directory).FullName
        try { $said = & (Get-PowerShellPath) -NoProfile -NonInteractive -File $script }
        finally { $env:HOME = $home_ }
        $said[0] | Should -BeLike 'refused: *isn''t in the certificate store*'
        $said[1..2] | Should -Be 'True', 'Opened'
        $said[3] | Should -BeLike 'missing: *specifies the client certificate*'
    }
}

Describe 'Get-FtpProfile and Unregister-FtpProfile' {
    BeforeEach {
        $file = Join-Path $TestDrive "$([guid]::NewGuid())/profiles.json"
        'day', 'night', 'odd [name]' | ForEach-Object { Register-FtpProfile $_ "$($_.Length).example.com" -ProfilePath $file }
    }

    It 'get all, some, and say which there are where one is missing' {
        (Get-FtpProfile -Path $file).Name | Should -Be 'day', 'night', 'odd [name]'
        (Get-FtpProfile n*, DAY -ProfilePath $file).Name | Should -Be 'night', 'day'
        Get-FtpProfile x* -ProfilePath $file | Should -BeNullOrEmpty
        $failure = Get-ExpectedError { Get-FtpProfile none, day -ProfilePath $file }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.GetFtpProfileCommand'
        $failure.TargetObject | Should -Be 'none'
        $failure.Exception.Message | Should -BeLike "*'day', 'night'*"
        Get-FtpProfile -ProfilePath (Join-Path $TestDrive 'nowhere/profiles.json') | Should -BeNullOrEmpty
    }

    It 'remove by name, each character for itself, and by the pipeline' {
        Unregister-FtpProfile 'odd [name]', 'none' -ProfilePath $file -ErrorVariable missing -ErrorAction SilentlyContinue
        "$($missing.FullyQualifiedErrorId)" | Should -BeLike 'FtpPathNotFound,*'
        Get-FtpProfile night -ProfilePath $file | Unregister-FtpProfile
        (Get-FtpProfile -ProfilePath $file).Name | Should -Be 'day'
    }

    It 'complete names' {
        $found = (TabExpansion2 "Connect-Ftp -ProfilePath '$file' -Profile o" -cursorColumn "Connect-Ftp -ProfilePath '$file' -Profile o".Length).CompletionMatches
        $found.CompletionText | Should -Be "'odd [name]'"
        foreach ($line in "Get-FtpProfile -ProfilePath '$file' -Name n", "Unregister-FtpProfile -ProfilePath '$file' -Name n") {
            (TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Be 'night'
        }
    }

    It 'are records, without a secret, that are profiles again' {
        Register-FtpProfile night b.example.com -ProfilePath $file -Force -UserName anna -SecretName ftp -SkipCertificateCheck -MaxConnection 2
        $clixml = Join-Path $TestDrive 'profile.clixml'
        Get-FtpProfile night -ProfilePath $file | Export-Clixml $clixml
        $again = Import-Clixml $clixml
        $again | Should -BeOfType FtpTools.FtpProfile
        ($again | ConvertTo-Json) | Should -Be (Get-FtpProfile night -ProfilePath $file | ConvertTo-Json)
        ($again | ConvertTo-Json | ConvertFrom-Json).PSObject.Properties.Name | Should -Not -Contain 'Password'
    }

    It 'are the user''s own without -ProfilePath' {
        Skip-Test -If ($env:OS -eq 'Windows_NT') -Because 'Where the application data is can be told by the environment on Unix alone.'
        $script = Join-Path $TestDrive 'own.ps1'
        [IO.File]::WriteAllText($script, "Import-Module '$manifest'`nRegister-FtpProfile own a.example.com -PassThru | ForEach-Object ProfilePath`n(Get-FtpProfile).Name")
        $config, $home_ = $env:XDG_CONFIG_HOME, $env:HOME
        try {
            $env:XDG_CONFIG_HOME = Join-Path $TestDrive 'config'
            $said = & (Get-PowerShellPath) -NoProfile -NonInteractive -File $script
            $said | Should -Be (Join-Path $env:XDG_CONFIG_HOME 'FtpTools/profiles.json'), 'own'
        }
        finally { $env:XDG_CONFIG_HOME, $env:HOME = $config, $home_ }
    }
}

Describe 'The file of profiles' {
    BeforeEach {
        $folder = (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory).FullName
        $file = Join-Path $folder 'profiles.json'
    }

    It 'is the user''s alone' {
        Skip-Test -If ($env:OS -eq 'Windows_NT') -Because 'Modes are of Unix.'
        Register-FtpProfile a a.example.com -ProfilePath $file
        & stat -c %a $file | Should -Be 600
        & chmod 644 $file
        Register-FtpProfile b b.example.com -ProfilePath $file
        Get-ChildItem $folder | ForEach-Object { & stat -c %a $_.FullName } | Should -Be '600', '600'
    }

    It 'has a version, and texts as they are' {
        $name = "$([char]0xE4)/`"\`u{0}`t$([char]0x65E5)".Replace('`u{0}', '')
        Register-FtpProfile $name a.example.com -ProfilePath $file -CredentialScript { 'a/b' + "\\" }
        $text = [IO.File]::ReadAllText($file)
        $text | Should -Not -Match '\\/'
        $json = $text | ConvertFrom-Json
        $json.Version | Should -Be 1
        @($json.Profiles)[0].Name | Should -Be $name
        @($json.Profiles)[0].CredentialScript | Should -Be " 'a/b' + `"\\`" "
        (Get-FtpProfile -ProfilePath $file).Name | Should -Be $name
    }

    It 'keeps what it does not know, on each rewrite' {
        [IO.File]::WriteAllText($file, @'
{
  "$schema": "https://example.com/a/b.json", "Version": 1, "Comment": { "by": ["anna", 1.50, true, null, {}, [], ""], "odd key \u00e9": " " },
  "Profiles": [
    { "Name": "a", "ComputerName": "a.example.com", "Owner": { "Team": "Nightly jobs", "Since": "2026-01-01T00:00:00Z" } },
    { "Name": "b", "ComputerName": "b.example.com", "1st": "x" }
  ]
}
'@)
        Register-FtpProfile c c.example.com -ProfilePath $file
        Register-FtpProfile a d.example.com -ProfilePath $file -Force
        Unregister-FtpProfile c -ProfilePath $file
        $text = [IO.File]::ReadAllText($file)
        $text -replace '\s' | Should -Be ('{"$schema":"https://example.com/a/b.json","Version":1,"Comment":{"by":["anna",1.50,true,null,{},[],""],"odd key é":" "},
            "Profiles":[{"Name":"a","ComputerName":"d.example.com","Owner":{"Team":"Nightly jobs","Since":"2026-01-01T00:00:00Z"}},
            {"Name":"b","ComputerName":"b.example.com","1st":"x"}]}'.Replace('é', [string][char]0xE9) -replace '\s')
        ($text | ConvertFrom-Json).Comment.'odd key é'.Length | Should -BeIn 0, 1
    }

    It 'is left as it is where it is <Why>' -ForEach @(
        @{ Why = 'of a later version'; Text = '{ "Version": 2, "Profiles": [], "New": 1 }'; Says = '*version 2*supports only 1*' }
        @{ Why = 'not JSON'; Text = '{ "Version": 1, "Profiles": [ '; Says = '*isn''t valid JSON*' }
        @{ Why = 'cut short'; Text = ''; Says = '*isn''t valid JSON*' }
        @{ Why = 'followed by something'; Text = '{ "Version": 1, "Profiles": [] } {'; Says = '*isn''t valid JSON*' }
        @{ Why = 'another file'; Text = '{ "name": "package" }'; Says = '*doesn''t contain a Version*' }
        @{ Why = 'without a list'; Text = '{ "Version": 1 }'; Says = '*doesn''t contain a list of Profiles*' }
        @{ Why = 'of a profile without a name'; Text = '{ "Version": 1, "Profiles": [ { "ComputerName": "a" } ] }'; Says = '*without a Name*' }
        @{ Why = 'a list'; Text = '[ 1 ]'; Says = '*doesn''t contain a Version*' }
    ) {
        [IO.File]::WriteAllText($file, $Text)
        foreach ($line in { Get-FtpProfile -ProfilePath $file }, { Register-FtpProfile a a.example.com -ProfilePath $file -Force }, { Unregister-FtpProfile a -ProfilePath $file }, { Connect-Ftp -Profile a -ProfilePath $file }) {
            $failure = Get-ExpectedError $line
            $failure.FullyQualifiedErrorId | Should -BeLike 'FtpLocalFileError,*'
            $failure.Exception.Message | Should -BeLike $Says
            $failure.Exception.Message | Should -BeLike "*$file*left unchanged*"
        }
        [IO.File]::ReadAllText($file) | Should -Be $Text
        Get-ChildItem $folder | Where-Object Name -NotIn 'profiles.json', 'profiles.json.lock' | Should -BeNullOrEmpty
    }

    It 'tells of a value that is none where it is used' {
        [IO.File]::WriteAllText($file, '{ "Version": 1, "Profiles": [ { "Name": "a", "ComputerName": "a.example.com", "Port": 99999, "Tls": "Sometimes" } ] }')
        (Get-FtpProfile a -ProfilePath $file).Tls | Should -Be 'Sometimes'
        $failure = Get-ExpectedError { Connect-Ftp -Profile a -ProfilePath $file -Port 21 }
        $failure.FullyQualifiedErrorId | Should -BeLike 'FtpInvalidName,*'
        $failure.Exception.Message | Should -BeLike "*'a' in '$file'*Tls*'Sometimes'*"
        (Get-ExpectedError { Connect-Ftp -Profile a -ProfilePath $file -Tls None }).Exception.Message | Should -BeLike "*Port*'99999'*"
    }

    It 'loses nothing when several processes register at once' {
        $script = Join-Path $folder 'register.ps1'
        [IO.File]::WriteAllText($script, "param(`$id)`nImport-Module '$manifest'`n1..8 | ForEach-Object { Register-FtpProfile `"p`$id-`$_`" a.example.com -ProfilePath '$file' -ErrorAction Stop }")
        $shells = 1..3 | ForEach-Object { Start-Process (Get-PowerShellPath) "-NoProfile -NonInteractive -File `"$script`" $_" -PassThru -NoNewWindow }
        foreach ($shell in $shells) { $shell.WaitForExit(120000) | Should -BeTrue }
        @(Get-FtpProfile -ProfilePath $file).Count | Should -Be 24
        Get-ChildItem $folder -Filter *.tmp | Should -BeNullOrEmpty
    }
}

Describe 'Connect-Ftp -Profile, to a server that asks for an account' {
    BeforeAll {
        $strict = Start-TestServer embedded -Option '--account', 'purchasing'
        $file = Join-Path $TestDrive 'account/profiles.json'
        $at = @{ ComputerName = $strict.Host; Port = $strict.Port; Tls = 'None'; ProfilePath = $file; UserName = $strict.Credential.UserName; PasswordVariable = 'FTPTOOLS_TEST_STRICT'; Force = $true }
        $env:FTPTOOLS_TEST_STRICT, $env:FTPTOOLS_TEST_ACCOUNT = $strict.Credential.GetNetworkCredential().Password, 'purchasing'
    }

    BeforeEach { $env:PSModulePath = $modules + [IO.Path]::PathSeparator + $modulePath }

    AfterEach {
        Disconnect-Ftp -All
        $env:PSModulePath = $modulePath
    }

    AfterAll { 'FTPTOOLS_TEST_STRICT', 'FTPTOOLS_TEST_ACCOUNT' | ForEach-Object { Remove-Item "Env:$_" -ErrorAction Ignore } }

    It 'answers with <Way>, and logs none' -ForEach @(
        @{ Way = 'a secret'; With = @{ AccountSecretName = 'account' } }
        @{ Way = 'a file of a secure string'; With = @{ AccountPath = 'string.xml' } }
        @{ Way = 'a file of a credential'; With = @{ AccountPath = 'credential.xml' } }
        @{ Way = 'an environment variable'; With = @{ AccountVariable = 'FTPTOOLS_TEST_ACCOUNT' } }
        @{ Way = 'a script'; With = @{ AccountScript = { $env:FTPTOOLS_TEST_ACCOUNT } } }
    ) {
        $secure = ConvertTo-SecureString purchasing -AsPlainText -Force
        $log = Join-Path $TestDrive "$([guid]::NewGuid()).log"
        Push-Location $TestDrive
        try {
            $secure | Export-Clixml string.xml
            New-Object pscredential 'any', $secure | Export-Clixml credential.xml
            Register-FtpProfile strict @at @With
        }
        finally { Pop-Location }
        (Connect-Ftp -Profile strict -ProfilePath $file -LogPath $log).State | Should -Be 'Opened'
        Disconnect-Ftp -All
        Get-Content $log -Raw | Should -Match '--> ACCT'
        Get-Content $log -Raw | Should -Not -Match 'purchasing'
        [IO.File]::ReadAllText($file) | Should -Not -Match 'purchasing'
        # The line comes first.
        (Get-ExpectedError { Connect-Ftp -Profile strict -ProfilePath $file -Account wrong }).FullyQualifiedErrorId | Should -BeLike 'FtpLoginFailed,*'
        ((Get-FtpProfile strict -ProfilePath $file | Test-FtpConnection -Mode Epsv) | Where-Object Step -EQ Login).Succeeded | Should -BeTrue
    }

    It 'says which way to the account was tried, where <Why>' -ForEach @(
        @{ Why = 'the secret is missing'; With = @{ AccountSecretName = 'none' }; Says = "*gets its account from the secret 'none'*was not found*" }
        @{ Why = 'the vault would ask'; With = @{ AccountSecretName = 'locked' }; Says = "*gets its account from the secret 'locked'*requires input*" }
        @{ Why = 'the file is missing'; With = @{ AccountPath = 'none.xml' }; Says = '*gets its account from the credential file*none.xml*' }
        @{ Why = 'the variable is not set'; With = @{ AccountVariable = 'FTPTOOLS_NONE' }; Says = '*gets its account from the environment variable FTPTOOLS_NONE*isn''t set*' }
        @{ Why = 'the script asks'; With = @{ AccountScript = { Read-Host 'Account' } }; Says = '*gets its account from its script*requires input*' }
    ) {
        Register-FtpProfile strict @at @With
        $failure = Get-ExpectedError { Connect-Ftp -Profile strict -ProfilePath $file }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpLoginFailed,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -BeLike "*'strict' in '$file'*"
        $failure.Exception.Message | Should -BeLike $Says
    }

    It 'runs no script to the account but what is in the file' {
        Register-FtpProfile strict @at -AccountScript { $env:FTPTOOLS_TEST_ACCOUNT }
        $old = Get-FtpProfile strict -ProfilePath $file
        ($old | Connect-Ftp).State | Should -Be 'Opened'
        Register-FtpProfile strict @at -AccountScript { 'another' }
        (Get-ExpectedError { Connect-Ftp -Profile $old }).Exception.Message | Should -BeLike '*its script*differs from the one in the file*'
    }
}

Describe 'Connect-Ftp -Profile, through a proxy' -Skip:$proxied.Skip {
    BeforeAll {
        $proxy = Start-TestProxy microsocks
        $login = $proxy.Credential.GetNetworkCredential()
        $env:FTPTOOLS_TEST_PROXY_USER, $env:FTPTOOLS_TEST_PROXY = $login.UserName, $login.Password
        $file = Join-Path $TestDrive 'proxy/profiles.json'
        $at = @{ ProfilePath = $file; UserName = $user; PasswordVariable = 'FTPTOOLS_TEST_SECRET'; Force = $true } + $server
        $withUser = $proxy.Uri -replace '//', "//$($login.UserName)@"
    }

    BeforeEach { $env:PSModulePath = $modules + [IO.Path]::PathSeparator + $modulePath }

    AfterEach {
        Disconnect-Ftp -All
        $env:PSModulePath = $modulePath
    }

    AfterAll {
        Stop-TestProxy $proxy
        'FTPTOOLS_TEST_PROXY_USER', 'FTPTOOLS_TEST_PROXY' | ForEach-Object { Remove-Item "Env:$_" -ErrorAction Ignore }
    }

    It 'logs in to the proxy with the password of <Way>' -ForEach @(
        @{ Way = 'a secret that is a credential'; With = @{ ProxySecretName = 'proxy' } }
        @{ Way = 'a credential file'; With = @{ ProxyCredentialPath = '<file>' } }
        @{ Way = 'an environment variable'; User = $true; With = @{ ProxyPasswordVariable = 'FTPTOOLS_TEST_PROXY' } }
        @{ Way = 'a script that gives a password'; User = $true; With = @{ ProxyCredentialScript = { $env:FTPTOOLS_TEST_PROXY } } }
    ) {
        if ($With.ProxyCredentialPath) {
            $With.ProxyCredentialPath = Join-Path $TestDrive 'proxy.xml'
            $proxy.Credential | Export-Clixml $With.ProxyCredentialPath
        }
        Register-FtpProfile proxied @at @With -Proxy $(if ($User) { $withUser } else { $proxy.Uri })
        [IO.File]::ReadAllText($file) | Should -Not -BeLike "*$($login.Password)*"
        (Connect-Ftp -Profile proxied -ProfilePath $file).State | Should -Be 'Opened'
        ((Test-FtpConnection -Profile proxied -ProfilePath $file -Mode Epsv) | Where-Object Step -EQ Login).Succeeded | Should -BeTrue
        # The line comes first.
        $wrong = New-Object pscredential $login.UserName, (ConvertTo-SecureString wrong -AsPlainText -Force)
        $null = Get-ExpectedError { Connect-Ftp -Profile proxied -ProfilePath $file -ProxyCredential $wrong }
    }

    It 'says which way to the password of the proxy was tried, where <Why>' -ForEach @(
        @{ Why = 'the secret has no account'; With = @{ ProxySecretName = 'ftp' }; Says = "*gets the password of its proxy from the secret 'ftp'*the address of the proxy has no user name*" }
        @{ Why = 'the vault would ask'; With = @{ ProxySecretName = 'locked' }; Says = "*gets the password of its proxy from the secret 'locked'*requires input*" }
        @{ Why = 'the file is missing'; With = @{ ProxyCredentialPath = 'none.xml' }; Says = '*gets the password of its proxy from the credential file*none.xml*' }
        @{ Why = 'the script asks'; With = @{ ProxyCredentialScript = { Get-Credential } }; Says = '*gets the password of its proxy from its script*requires input*' }
    ) {
        Register-FtpProfile proxied @at @With -Proxy $proxy.Uri
        $failure = Get-ExpectedError { Connect-Ftp -Profile proxied -ProfilePath $file }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpLoginFailed,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -BeLike $Says
    }
}

Describe 'Connect-Ftp -Profile' {
    BeforeAll {
        $file = Join-Path $TestDrive 'connect/profiles.json'
        $at = @{ ProfilePath = $file }
    }

    BeforeEach { $env:PSModulePath = $modules + [IO.Path]::PathSeparator + $modulePath }

    AfterEach {
        Disconnect-Ftp -All
        $env:PSModulePath = $modulePath
    }

    It 'logs in with the password of <Way>' -ForEach @(
        @{ Way = 'a secret that is a password'; With = @{ UserName = '<user>'; SecretName = 'ftp' } }
        @{ Way = 'a secret that is a credential'; With = @{ SecretName = 'login'; VaultName = 'Jobs' } }
        @{ Way = 'a credential file'; With = @{ CredentialPath = '<file>' } }
        @{ Way = 'an environment variable'; With = @{ UserName = '<user>'; PasswordVariable = 'FTPTOOLS_TEST_SECRET' } }
        @{ Way = 'a script that gives a password'; With = @{ UserName = '<user>'; CredentialScript = { $env:FTPTOOLS_TEST_SECRET } } }
        @{ Way = 'a script that gives a credential'; With = @{ CredentialScript = { New-Object pscredential $env:FTPTOOLS_TEST_USER, (ConvertTo-SecureString $env:FTPTOOLS_TEST_SECRET -AsPlainText -Force) } } }
    ) {
        $credentials = Join-Path $TestDrive 'login.xml'
        $ftp.Credential | Export-Clixml $credentials
        $given = @{}
        foreach ($key in $With.Keys) { $given.$key = if ($With.$key -is [string]) { $With.$key.Replace('<user>', $user).Replace('<file>', $credentials) } else { $With.$key } }
        Register-FtpProfile way @server @at @given -Force
        [IO.File]::ReadAllText($file) | Should -Not -BeLike "*$password*"
        $session = Connect-Ftp -Profile WAY @at
        $session.Name, $session.UserName, $session.State | Should -Be 'way', $user, 'Opened'
        # Of the pipeline too, and each with its own.
        Register-FtpProfile way2 @server @at @given -Force -Mode Active -MaxConnection 2
        $sessions = Get-FtpProfile way2, way @at | Connect-Ftp
        $sessions.ForEach({ "$($_.Name) $($_.Mode) $($_.MaxConnection)" }) | Should -Be 'way2 Active 2', 'way Auto 4'
        (Get-FtpProfile way @at | Test-FtpConnection -Mode Epsv | Where-Object Step -EQ 'Login').Succeeded | Should -BeTrue
        ([pscustomobject]@{ Profile = 'way'; ProfilePath = $file } | Connect-Ftp).State | Should -Be 'Opened'
    }

    It 'says which way was tried, for which profile, where <Why>' -ForEach @(
        @{ Why = 'the secret is missing'; With = @{ UserName = 'anna'; SecretName = 'none' }; Says = "*secret 'none'*was not found*" }
        @{ Why = 'the vault is missing'; With = @{ UserName = 'anna'; SecretName = 'ftp'; VaultName = 'Other' }; Says = "*secret 'ftp' of the vault 'Other'*does not exist*" }
        @{ Why = 'the vault would ask'; With = @{ UserName = 'anna'; SecretName = 'locked' }; Says = "*secret 'locked'*requires input*" }
        @{ Why = 'the secret is something else'; With = @{ UserName = 'anna'; SecretName = 'table' }; Says = "*secret 'table'*Hashtable*" }
        @{ Why = 'the secret has no account'; With = @{ SecretName = 'ftp' }; Says = "*secret 'ftp'*no UserName*" }
        @{ Why = 'the file is missing'; With = @{ CredentialPath = 'none.xml' }; Says = '*credential file*none.xml*' }
        @{ Why = 'the variable is not set'; With = @{ UserName = 'anna'; PasswordVariable = 'FTPTOOLS_NONE' }; Says = '*environment variable FTPTOOLS_NONE*isn''t set*' }
        @{ Why = 'the variable is empty'; With = @{ UserName = 'anna'; PasswordVariable = 'FTPTOOLS_TEST_EMPTY' }; Says = '*environment variable FTPTOOLS_TEST_EMPTY*empty*' }
        @{ Why = 'the script fails'; With = @{ UserName = 'anna'; CredentialScript = { throw 'no luck' } }; Says = '*its script*no luck*' }
        @{ Why = 'the script fails softly'; With = @{ UserName = 'anna'; CredentialScript = { Write-Error 'a small thing'; 'word' } }; Says = '*its script*a small thing*' }
        @{ Why = 'the script gives nothing'; With = @{ UserName = 'anna'; CredentialScript = { } }; Says = '*its script*nothing*' }
        @{ Why = 'the script gives two'; With = @{ UserName = 'anna'; CredentialScript = { 'a'; 'b' } }; Says = '*its script*2 objects*' }
        @{ Why = 'the script asks'; With = @{ UserName = 'anna'; CredentialScript = { Read-Host 'Password' } }; Says = '*its script*requires input*' }
        @{ Why = 'the script asks for a credential'; With = @{ CredentialScript = { Get-Credential } }; Says = '*its script*requires input*' }
        @{ Why = 'the script does not end'; With = @{ UserName = 'anna'; TimeoutSec = 1; CredentialScript = { Start-Sleep 600 } }; Says = '*its script*longer than 1 seconds*' }
    ) {
        Register-FtpProfile way @server @at @With -Force
        $failure = Get-ExpectedError { Connect-Ftp -Profile way @at }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpLoginFailed,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -BeLike "*'way' in '$file'*"
        $failure.Exception.Message | Should -BeLike $Says
        Get-FtpSession | Should -BeNullOrEmpty
        # One that fails does not keep the next from being tried.
        Register-FtpProfile well @server @at -Force -UserName $user -PasswordVariable FTPTOOLS_TEST_SECRET
        (Get-FtpProfile way, well @at | Connect-Ftp -ErrorAction SilentlyContinue).Name | Should -Be 'well'
    }

    It 'says that the module of the vaults is missing, and how to have it' {
        $env:PSModulePath = $modulePath
        Skip-Test -If ([bool](Get-Module -ListAvailable Microsoft.PowerShell.SecretManagement)) -Because 'The module is installed.'
        Register-FtpProfile way @server @at -UserName anna -SecretName ftp -Force
        (Get-ExpectedError { Connect-Ftp -Profile way @at }).Exception.Message | Should -BeLike '*SecretManagement isn''t installed*Install-PSResource*'
    }

    It 'takes a module of vaults that was imported from elsewhere' {
        $env:PSModulePath = $modulePath
        Import-Module (Join-Path $fake 'Microsoft.PowerShell.SecretManagement.psm1')
        try {
            Register-FtpProfile way @server @at -UserName $user -SecretName ftp -Force
            (Connect-Ftp -Profile way @at).State | Should -Be 'Opened'
        }
        finally { Remove-Module Microsoft.PowerShell.SecretManagement }
    }

    It 'runs no script of a file that others may write to' {
        Register-FtpProfile way @server @at -UserName $user -CredentialScript { $env:FTPTOOLS_TEST_SECRET } -Force
        if ($env:OS -eq 'Windows_NT') {
            $everyone = New-Object Security.Principal.SecurityIdentifier 'S-1-1-0'
            $open, $closed = (Get-Acl $file), (Get-Acl $file)
            $open.AddAccessRule((New-Object Security.AccessControl.FileSystemAccessRule $everyone, 'Modify', 'Allow'))
            $allow, $withdraw, $remedy = { Set-Acl $file $open }, { Set-Acl $file $closed }, '*its script*icacls*'
        }
        else { $allow, $withdraw, $remedy = { & chmod 666 $file }, { & chmod 644 $file }, '*its script*chmod go-w*' }
        & $allow
        (Get-ExpectedError { Connect-Ftp -Profile way @at }).Exception.Message | Should -BeLike $remedy
        & $withdraw
        (Connect-Ftp -Profile way @at).State | Should -Be 'Opened'
    }

    It 'runs no script but what is in the file' {
        Register-FtpProfile way @server @at -UserName $user -CredentialScript { $env:FTPTOOLS_TEST_SECRET } -Force
        $old = Get-FtpProfile way @at
        $clixml = Join-Path $TestDrive 'script.clixml'
        $old | Export-Clixml $clixml
        (Import-Clixml $clixml | Connect-Ftp).State | Should -Be 'Opened'
        Register-FtpProfile way @server @at -UserName $user -CredentialScript { 'another' } -Force
        (Get-ExpectedError { Connect-Ftp -Profile $old }).Exception.Message | Should -BeLike '*its script*differs from the one in the file*'
        [IO.File]::WriteAllText($clixml, [IO.File]::ReadAllText($clixml).Replace('profiles.json', 'none.json'))
        (Get-ExpectedError { Connect-Ftp -Profile (Import-Clixml $clixml) }).FullyQualifiedErrorId | Should -BeLike 'FtpPathNotFound,*'
    }

    It 'puts what is on the line before what is in the profile' {
        Register-FtpProfile way 192.0.2.1:99 @at -Tls Explicit -UserName anna -PasswordVariable FTPTOOLS_NONE -Mode Active -TransferType Ascii -LogPath (Join-Path $TestDrive 'profile.log') -Force
        $session = Connect-Ftp -Profile way @at -ComputerName $ftp.Host -Port $ftp.Port -Tls None -Credential $ftp.Credential -Mode Epsv -Name other
        $session.Name, $session.Mode, $session.TransferType, $session.UserName | Should -Be 'other', 'Epsv', 'Ascii', $user
        Join-Path $TestDrive 'profile.log' | Should -Exist
        $session = Connect-Ftp -Profile way @at -ComputerName "$($ftp.Host):$($ftp.Port)" -Tls None -Credential $ftp.Credential
        $session.Server | Should -Be "$($ftp.Host):$($ftp.Port)"
        Register-FtpProfile address -Uri "ftp://$user@192.0.2.1/none" @at -Tls None -Force
        (Connect-Ftp -Profile address @at -ComputerName $ftp.Host -Port $ftp.Port -Credential $ftp.Credential).Location | Should -Be '/'
        Register-FtpProfile address -Uri "ftp://$user@$($ftp.Host):1/" @at -Tls None -PasswordVariable FTPTOOLS_TEST_SECRET -UserName $user -Force
        (Connect-Ftp -Profile address @at -Port $ftp.Port).State | Should -Be 'Opened'
    }

    It 'leaves a computer from the pipeline a computer, and takes a row that names a profile' {
        ($ftp.Host | Connect-Ftp -Port $ftp.Port -Tls None -Credential $ftp.Credential).ComputerName | Should -Be $ftp.Host
        @($ftp.Host | Test-FtpConnection -Port $ftp.Port -Tls None -Credential $ftp.Credential -Mode Epsv | Where-Object Step -EQ Login).Succeeded | Should -BeTrue
        Register-FtpProfile row @server @at -UserName $user -PasswordVariable FTPTOOLS_TEST_SECRET
        ([pscustomobject]@{ Profile = 'row'; ProfilePath = $file } | Test-FtpConnection | Where-Object Step -EQ Login).Succeeded | Should -BeTrue
    }

    It 'leaves no session current, and says which profiles there are, where there is none of the name' {
        $null = Connect-TestServer $ftp
        $failure = Get-ExpectedError { Connect-Ftp -Profile none @at }
        $failure.FullyQualifiedErrorId | Should -Be 'FtpPathNotFound,FtpTools.Commands.ConnectFtpCommand'
        $failure.Exception.Message | Should -BeLike "*'none'*$file*'way'*Register-FtpProfile*"
        Get-FtpSession -Current | Should -BeNullOrEmpty
    }

    It 'is answered by Ctrl+C while a script takes its time' {
        Register-FtpProfile slow @server @at -UserName anna -CredentialScript { [Environment]::SetEnvironmentVariable('FTPTOOLS_TEST_BEGUN', '1'); Start-Sleep 600 } -Force
        $shell = [PowerShell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$manifest'; Connect-Ftp -Profile slow -ProfilePath '$file'")
            $null = $shell.BeginInvoke()
            $deadline = [DateTime]::UtcNow.AddSeconds(60)
            while (-not [Environment]::GetEnvironmentVariable('FTPTOOLS_TEST_BEGUN') -and [DateTime]::UtcNow -lt $deadline) { $null = $shell.Streams.Error.Count }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
            Remove-Item Env:FTPTOOLS_TEST_BEGUN -ErrorAction Ignore
        }
    }

    It 'serves a job that nobody watches: <Why>' -ForEach @(
        @{ Why = 'it works'; With = @{ SecretName = 'login' }; ExitCode = 0; Says = '*1 transferred*' }
        @{ Why = 'the vault would ask'; With = @{ SecretName = 'locked'; UserName = 'anna' }; ExitCode = 2; Says = "*secret 'locked'*requires input*" }
        @{ Why = 'the script would ask'; With = @{ CredentialScript = { Get-Credential anna } }; ExitCode = 2; Says = '*its script*requires input*' }
        @{ Why = 'no way and no credential'; With = @{ UserName = 'anna' }; ExitCode = 2; Says = '*Could not log in as*' }
    ) {
        $folder = New-TestFolder $ftp
        $null = New-TestFile (Join-Path $folder.Local 'a.txt') 'a'
        Register-FtpProfile job @server @at @With -Force
        $script = Join-Path $TestDrive 'job.ps1'
        [IO.File]::WriteAllText($script, @"
`$ErrorActionPreference = 'Continue'
Import-Module '$manifest'
Connect-Ftp -Profile job -ProfilePath '$file' -ErrorVariable errors | Out-Null
`$summary = Receive-FtpItem '$($folder.Remote)/a.txt' -Destination '$TestDrive' -Force -ErrorVariable +errors | Measure-FtpTransfer -ErrorRecord `$errors
"`$summary"
exit `$summary.ExitCode
"@)
        $said = & (Get-PowerShellPath) -NoProfile -NonInteractive -File $script 2>&1 | Out-String -Width 4000
        $LASTEXITCODE | Should -Be $ExitCode -Because $said
        # Errors are broken to the width of a terminal.
        $said -replace '[\s|]+', ' ' | Should -BeLike $Says
    }
}
