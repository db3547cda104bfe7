# The situations: Make gets the source and the target, and lays them out beside what is common. Down is from the server to this
# side; Server is one of tests/Servers, or the embedded one with the Fault; Keep is a pattern of what must not be deleted; With
# is what FtpTools is told besides. Where the plain outcome is not the point, Look puts it in words.

$big = 'x' * 300000
$situations = @(
    @{ Title = 'a file has changed (size and time)'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/a.txt" 'longer than it was' $day.AddDays(1) } }
    @{ Title = 'a file and a directory are missing'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/new/deep/x.txt" 'x' } }
    @{ Title = 'newer at the source, same size'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/a.txt" 'A.TXT' $day.AddDays(1) } }
    @{ Title = 'newer on the target, same size'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$to/a.txt" 'A.TXT' $day.AddDays(1) } }
    @{ Title = 'other content, same size and time'; Server = 'proftpd'; Make = { param($from, $to) Set-File "$from/a.txt" 'A.TXT' } }
    @{ Title = 'the same with `-By Hash` (the others have nothing like it for FTP)'; Server = 'proftpd'; With = @{ By = 'Hash' }; Make = { param($from, $to) Set-File "$from/a.txt" 'A.TXT' } }
    @{ Title = 'a server that sets no times, run twice: files sent by the second run'; Server = 'inetutils'
        Make = { param($from, $to) Set-File "$from/a.txt" 'new'; Set-File "$from/n.txt" 'new' }
        Run  = { param($client, $case, $ftp, $here, $at, $from)
            $null = & $client $case $ftp $here $at
            $to = Join-Path $ftp.Root $at.TrimStart('/')
            $before = @{}; Get-ChildItem -LiteralPath $to -Recurse -File | ForEach-Object { $before[$_.FullName] = (Get-Item $_.FullName).LastWriteTimeUtc }
            Start-Sleep -Milliseconds 1200
            $null = & $client $case $ftp $here $at
            @(Get-ChildItem -LiteralPath $to -Recurse -File | Where-Object { $before[$_.FullName] -ne $_.LastWriteTimeUtc }).Count }
        Look = { param($source, $before, $after, $told, $from, $to) "$told of $(@(Get-ChildItem -LiteralPath $to -Recurse -File).Count)" } }
    @{ Title = 'a name differs in letter case alone'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/Name.txt" 'x'; Set-File "$to/name.txt" 'x' } }
    @{ Title = 'a link to a file at the source'; Server = 'vsftpd'; Make = { param($from, $to) $null = New-Item "$from/link.txt" -ItemType SymbolicLink -Value 'a.txt' } }
    @{ Title = 'a link to a directory at the source'; Server = 'vsftpd'; Make = { param($from, $to) $null = New-Item "$from/link" -ItemType SymbolicLink -Value 'sub' } }
    @{ Title = 'links in a loop at the source'; Server = 'vsftpd'; Make = { param($from, $to) $null = New-Item "$from/sub/loop" -ItemType SymbolicLink -Value '..' } }
    @{ Title = 'a link on the server, to be received'; Server = 'vsftpd'; Down = $true; Make = { param($from, $to) $null = New-Item "$from/link.txt" -ItemType SymbolicLink -Value 'a.txt' } }
    @{ Title = 'a line of the source''s listing that nobody can read'; Down = $true; Keep = '.'; Fault = '--without-facts --odd-line "-?????????   ? what is this"'; Make = { param($from, $to) Set-File "$to/gone.txt" 'x' } }
    @{ Title = 'a directory of the source may not be read (`226` and an empty listing)'; Down = $true; Server = 'vsftpd'; Keep = '^sub/.'; Make = { }; After = { param($from, $to) & chown root "$from/sub"; & chmod 711 "$from/sub" } }
    @{ Title = 'a directory of the source may not be read (`550`)'; Down = $true; Fault = '--tree-faults listing-refused'; Keep = '^sub/.'; Make = { } }
    @{ Title = 'a listing of the source is cut (`426`)'; Down = $true; Fault = '--tree-faults listing-cut'; Keep = '^sub/.'; Make = { } }
    @{ Title = 'a listing under TLS without its end (close_notify), and `226`'; Down = $true; Fault = '--tls --tree-faults listing-unfinished'; Keep = '^sub/.'; Make = { } }
    @{ Title = 'the source is empty'; Server = 'vsftpd'; Keep = '.'; Make = { param($from, $to) Get-ChildItem $from | Remove-Item -Recurse } }
    @{ Title = 'the source is missing'; Server = 'vsftpd'; Keep = '.'; Make = { param($from, $to) Remove-Item $from -Recurse } }
    @{ Title = 'the source is missing on the server'; Server = 'vsftpd'; Down = $true; Keep = '.'; Make = { param($from, $to) Remove-Item $from -Recurse } }
    @{ Title = 'the source is not mounted: other files are at its mount point (FtpTools with `-AccessMarker`)'; Server = 'vsftpd'; Keep = '.'; With = @{ AccessMarker = '.marker' }; Make = { param($from, $to) Get-ChildItem $from | Remove-Item -Recurse; Set-File "$from/README" 'mount here'; Set-File "$to/.marker" '' } }
    @{ Title = 'two thirds of the target are not at the source'; Server = 'vsftpd'; Keep = '.'; Make = { param($from, $to) 1..12 | ForEach-Object { Set-File "$to/other$_.txt" 'x' } } }
    @{ Title = 'a third of the target is not at the source'; Server = 'vsftpd'; Make = { param($from, $to) 1..3 | ForEach-Object { Set-File "$to/other$_.txt" 'x' } } }
    @{ Title = 'a server of LIST alone, its clock an hour off: files sent though all are alike'; Fault = '--without-facts --tree-faults hour-off'
        Make = { param($from, $to) foreach ($root in $from, $to) { Get-ChildItem $root -Recurse -File | ForEach-Object { $_.LastWriteTimeUtc = [datetime]::UtcNow.Date.AddDays(-3) } } }
        Run  = { param($client, $case, $ftp, $here, $at, $from)
            $to = Join-Path $ftp.Root $at.TrimStart('/')
            $before = @{}; Get-ChildItem -LiteralPath $to -Recurse -File | ForEach-Object { $before[$_.FullName] = $_.LastWriteTimeUtc; & touch -a $_.FullName }
            $inodes = @{}; Get-ChildItem -LiteralPath $to -Recurse -File | ForEach-Object { $inodes[$_.FullName] = & stat -c '%i %Z' $_.FullName }
            $null = & $client $case $ftp $here $at
            @(Get-ChildItem -LiteralPath $to -Recurse -File | Where-Object { $inodes[$_.FullName] -ne (& stat -c '%i %Z' $_.FullName) }).Count }
        Look = { param($source, $before, $after, $told, $from, $to) "$told of $(@(Get-ChildItem -LiteralPath $to -Recurse -File).Count)" } }
    @{ Title = 'a server of LIST alone, its clock an hour off: files sent though all are alike, with `Connect-Ftp -ServerTimeZone`'; Connect = @{ ServerTimeZone = [TimeZoneInfo]::CreateCustomTimeZone('server', [timespan]'01:00', 'server', 'server') }; Fault = '--without-facts --tree-faults hour-off'
        Make = { param($from, $to) foreach ($root in $from, $to) { Get-ChildItem $root -Recurse -File | ForEach-Object { $_.LastWriteTimeUtc = [datetime]::UtcNow.Date.AddDays(-3) } } }
        Run  = { param($client, $case, $ftp, $here, $at, $from)
            $to = Join-Path $ftp.Root $at.TrimStart('/')
            $before = @{}; Get-ChildItem -LiteralPath $to -Recurse -File | ForEach-Object { $before[$_.FullName] = $_.LastWriteTimeUtc; & touch -a $_.FullName }
            $inodes = @{}; Get-ChildItem -LiteralPath $to -Recurse -File | ForEach-Object { $inodes[$_.FullName] = & stat -c '%i %Z' $_.FullName }
            $null = & $client $case $ftp $here $at
            @(Get-ChildItem -LiteralPath $to -Recurse -File | Where-Object { $inodes[$_.FullName] -ne (& stat -c '%i %Z' $_.FullName) }).Count }
        Look = { param($source, $before, $after, $told, $from, $to) "$told of $(@(Get-ChildItem -LiteralPath $to -Recurse -File).Count)" } }
    @{ Title = 'listings that tell the day alone, changed within the day, same size'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/a.txt" 'A.TXT' '2021-05-05T15:00:00Z'; Set-File "$to/a.txt" 'a.txt' '2021-05-05T09:00:00Z' } }
    @{ Title = 'a file at the source, a directory with files on the target'; Server = 'vsftpd'; Keep = '^x/'; Make = { param($from, $to) Set-File "$from/x" 'file'; Set-File "$to/x/inner.txt" 'inner' } }
    @{ Title = 'a directory at the source, a file on the target'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/x/inner.txt" 'inner'; Set-File "$to/x" 'file' } }
    @{ Title = 'files whose names begin with a dot, on both sides'; Server = 'vsftpd'; Down = $true; Keep = 'ht|conf'; Make = { param($from, $to) foreach ($root in $from, $to) { Set-File "$root/.htaccess" 'x'; Set-File "$root/.config/y" 'y' } } }
    @{ Title = 'names with brackets, blanks and signs'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/a [1]* & b's.txt" 'x'; Set-File "$from/[d]/%20 #.txt" 'y' } }
    @{ Title = 'a name with a blank at its end'; Server = 'proftpd'; Make = { param($from, $to) Set-File "$from/end " 'x' } }
    @{ Title = 'a name with a line break'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/two`nlines" 'x' } }
    @{ Title = 'a name on the server that is not UTF-8'; Server = 'vsftpd'; Down = $true; Make = { param($from, $to) & bash -c "printf x > '$from/'`$'caf\xe9.txt'" } }
    @{ Title = 'an excluded file in a directory that is gone at the source'; Server = 'vsftpd'; Exclude = '*.log'; Keep = 'log$'; Make = { param($from, $to) Set-File "$to/gone/x.txt" 'x'; Set-File "$to/gone/x.log" 'log' } }
    @{ Title = 'an empty directory'; Server = 'vsftpd'; Make = { param($from, $to) $null = New-Item "$from/empty/below" -ItemType Directory -Force } }
    @{ Title = 'a file of the target cannot be overwritten, and others are to be deleted'; Fault = '--tree-faults read-only'; Keep = 'gone'; Make = { param($from, $to) Set-File "$from/locked.txt" 'new one' $day.AddDays(1); Set-File "$to/locked.txt" 'former'; Set-File "$to/gone.txt" 'x' } }
    @{ Title = 'the disk is full in mid-run (`552`), and others are to be deleted'; Fault = '--tree-faults full'; Keep = 'gone'; Make = { param($from, $to) 1..8 | ForEach-Object { Set-File "$from/new$_.txt" "$_" }; Set-File "$to/gone.txt" 'x' } }
    @{ Title = 'the connection is lost once in mid-run'; Fault = '--tree-faults gone'; Make = { param($from, $to) 1..8 | ForEach-Object { Set-File "$from/new$_.txt" "$_" } } }
    @{ Title = 'half of a file is on the target, from a transfer that broke off'; Server = 'vsftpd'; Make = { param($from, $to) Set-File "$from/big.bin" $big; Set-File "$to/big.bin" $big.Substring(0, 150000) ([datetime]::UtcNow) } }
    @{ Title = 'a file grows while it is sent'; Fault = '--throttle 100000'
        Make = { param($from, $to) Set-File "$from/log.txt" ('a' * 150000) ([datetime]::UtcNow.AddMinutes(-9)) }
        Run  = { param($client, $case, $ftp, $here, $at, $from)
            $writer = Start-ThreadJob { param($path) 1..8 | ForEach-Object { Start-Sleep -Milliseconds 250; [IO.File]::AppendAllText($path, 'b' * 100) } } -ArgumentList "$from/log.txt"
            & $client $case $ftp $here $at
            $null = $writer | Wait-Job | Remove-Job }
        Look = { param($source, $before, $after, $told, $from, $to)
            $sent = $after['log.txt']
            $(if ($sent -eq $null) { 'no copy' } elseif ($sent -ceq $source['log.txt']) { 'alike' } else { "a copy of $($sent.Length) of $($source['log.txt'].Length) bytes" }) + $(if ($told) { "; says $(@($told) -join ', ')" } else { '; says nothing' }) } }
    @{ Title = 'two runs at once'; Server = 'vsftpd'
        Make = { param($from, $to) 1..40 | ForEach-Object { Set-File "$from/d$($_ % 4)/new$_.txt" ("$_" * 2000) } }
        Run  = { param($client, $case, $ftp, $here, $at, $from)
            $runs = 1..2 | ForEach-Object {
                $process = [Diagnostics.ProcessStartInfo]::new((Get-Command pwsh).Source)
                '-NoProfile', '-File', "$PSScriptRoot/Invoke-Peer.ps1", ($clients.Keys | Where-Object { $clients[$_] -eq $client }), $ftp.Host, "$($ftp.Port)", $ftp.Credential.UserName, $ftp.Credential.GetNetworkCredential().Password, $here, $at | ForEach-Object { $process.ArgumentList.Add($_) }
                $process.RedirectStandardOutput = $true
                [Diagnostics.Process]::Start($process) }
            @($runs | ForEach-Object { $_.StandardOutput.ReadToEnd().Trim(); $null = $_.WaitForExit(60000) } | Where-Object { $_ } | Select-Object -Unique) } }
)
