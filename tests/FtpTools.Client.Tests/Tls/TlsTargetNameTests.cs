using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using FtpTools.Connection;
using Xunit;

namespace FtpTools.Tests.Tls;

/// <summary>Each control connection has a name of its own in the platform's session cache. (Each test has a host of its own.)</summary>
public sealed class TlsTargetNameTests
{
    [Fact]
    public void Names_taken_at_a_time_differ_and_are_the_host_to_a_certificate()
    {
        var names = Enumerable.Range(0, 256).Select(_ => TlsTargetName.Take("many.names.example")).ToList();
        Assert.Equal(256, names.Select(name => name.Value).Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Equal("many.names.example", name.Value, ignoreCase: true));
        names.ForEach(name => name.Dispose());
    }

    [Fact]
    public void Hosts_that_differ_in_case_share_their_names()
    {
        using var first = TlsTargetName.Take("Two.Cases.example");
        using var second = TlsTargetName.Take("two.cases.EXAMPLE");
        Assert.NotEqual(first.Value, second.Value);
        Assert.Equal("two.cases.example", second.Value, ignoreCase: true);
    }

    [Fact]
    public void The_name_unused_for_longest_comes_next()
    {
        var all = Enumerable.Range(0, 8).Select(_ => TlsTargetName.Take("abc")).ToList();
        var values = all.ConvertAll(name => name.Value);
        foreach (var i in new[] { 5, 2, 7, 0, 1, 3, 4, 6 })
            all[i].Dispose();
        var again = Enumerable.Range(0, 8).Select(_ => TlsTargetName.Take("abc")).ToList();
        Assert.Equal(new[] { 5, 2, 7, 0, 1, 3, 4, 6 }.Select(i => values[i]), again.Select(name => name.Value));
        again.ForEach(name => name.Dispose());
    }

    [Fact]
    public void When_all_are_taken_the_host_as_it_is_is_shared()
    {
        var all = Enumerable.Range(0, 2).Select(_ => TlsTargetName.Take("7z")).ToList();
        Assert.Equal(["7Z", "7z"], all.Select(name => name.Value).Order(StringComparer.Ordinal));
        using (var more = TlsTargetName.Take("7z"))
        using (var most = TlsTargetName.Take("7z"))
            Assert.Equal(("7z", "7z"), (more.Value, most.Value));
        // The shared ones give nothing back that could be taken twice.
        all.Single(name => name.Value == "7Z").Dispose();
        using var next = TlsTargetName.Take("7z");
        using var shared = TlsTargetName.Take("7z");
        Assert.Equal(("7Z", "7z"), (next.Value, shared.Value));
        all.ForEach(name => name.Dispose());
    }

    [Fact]
    public void A_name_is_given_back_once()
    {
        var name = TlsTargetName.Take("q9");
        name.Dispose();
        name.Dispose();
        var taken = Enumerable.Range(0, 2).Select(_ => TlsTargetName.Take("q9")).ToList();
        Assert.Equal(2, taken.Select(one => one.Value).Distinct(StringComparer.Ordinal).Count());
        taken.ForEach(one => one.Dispose());
    }

    [Theory]
    [InlineData("192.0.2.17")]
    [InlineData("2001:db8::17")]
    [InlineData("fe80::17")]
    public void An_address_gets_made_up_names_where_the_platform_resumes_by_name_alone(string host)
    {
        var names = Enumerable.Range(0, 300).Select(_ => TlsTargetName.Take(host)).ToList();
        var values = names.ConvertAll(name => name.Value);
        names.ForEach(name => name.Dispose());
        if (!Compat.ResumesByNameAlone)
        {
            Assert.All(values, value => Assert.Equal(host, value, ignoreCase: true));
            return;
        }

        Assert.Equal(256, values.Take(256).Distinct(StringComparer.Ordinal).Count());
        // Nobody can have a certificate for such a name (RFC 2606), and every label is a lawful one.
        Assert.All(values, value => Assert.Matches("^x[0-9a-f]+-(-1|[0-9]+)\\.invalid$", value));
    }

    [Fact]
    public void Other_addresses_have_other_names()
    {
        using var first = TlsTargetName.Take("198.51.100.1");
        using var second = TlsTargetName.Take("198.51.100.2");
        Assert.NotEqual(first.Value, second.Value);
    }

    [Fact]
    public async Task Takers_at_once_never_share()
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await Parallel.ForAsync(0, 5000, async (_, _) =>
        {
            var name = TlsTargetName.Take("at.once.example");
            lock (taken)
                Assert.True(taken.Add(name.Value));
            await Task.Yield();
            lock (taken)
                taken.Remove(name.Value);
            name.Dispose();
        });
    }
}
