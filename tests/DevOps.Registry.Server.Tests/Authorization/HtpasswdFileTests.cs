using DevOps.Testing;
using DevOps.Testing.Time;

namespace DevOps.Registry.Server.Tests.Authorization;

public sealed class HtpasswdFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.Create();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task VerifyAsync_File_LetsItsUsersIn()
    {
        using HtpasswdFile users = new(TestUsers.Write(_directory));
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync(TestUsers.Alice, TestUsers.AlicePassword, Cancellation));
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync(TestUsers.Bob, TestUsers.BobPassword, Cancellation));
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync(TestUsers.Alice, TestUsers.BobPassword, Cancellation));
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync("carol", TestUsers.AlicePassword, Cancellation));
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync("# the team", "", Cancellation));
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync("", "", Cancellation));
    }

    [Theory] // as the file is now, and as it was written long ago: in both cases a change counts
    [InlineData(0)]
    [InlineData(3600)]
    public async Task VerifyAsync_FileChanges_CountsAtOnce(int age)
    {
        string path = _directory.Write("users", "carol:$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n");
        VirtualTimeProvider clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        SetTime(clock.GetUtcNow().AddSeconds(-age));
        using HtpasswdFile users = new(path, null, null, clock);
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync("carol", TestUsers.AlicePassword, Cancellation));

        // The same length; the same time too where the file is new.
        _directory.Write("users", "carol:$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK\n");
        SetTime(clock.GetUtcNow());
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync("carol", TestUsers.AlicePassword, Cancellation));
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync("carol", TestUsers.BobPassword, Cancellation));

        File.Delete(path);
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync("carol", TestUsers.BobPassword, Cancellation));
        TestUsers.Write(_directory);
        Assert.Equal(PasswordVerdict.Rejected, await users.VerifyAsync("carol", TestUsers.BobPassword, Cancellation));
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync(TestUsers.Alice, TestUsers.AlicePassword, Cancellation));

        void SetTime(DateTimeOffset time) => File.SetLastWriteTimeUtc(path, time.UtcDateTime);
    }

    [Fact]
    public async Task VerifyAsync_NoPlaceLeft_IsBusyButKnowsWhoItKnew()
    {
        using HtpasswdFile users = new(TestUsers.Write(_directory), new() { MaxParallelChecks = 1, MaxWaitingChecks = 0 });
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync(TestUsers.Alice, TestUsers.AlicePassword, Cancellation));

        Task<PasswordVerdict>[] flood = [.. Enumerable.Range(0, 64).Select(i => users.VerifyAsync($"user {i}", "guess", Cancellation).AsTask())];
        Assert.Equal(PasswordVerdict.Accepted, await users.VerifyAsync(TestUsers.Alice, TestUsers.AlicePassword, Cancellation));
        PasswordVerdict[] verdicts = await Task.WhenAll(flood);
        Assert.DoesNotContain(PasswordVerdict.Accepted, verdicts);
        Assert.Equal(PasswordVerdict.Rejected, verdicts[0]);
    }

    [Fact]
    public void Constructor_UnusableLines_AreToldByNumberOnly()
    {
        RecordingLogger logger = new();
        string path = _directory.Write("users", """
            # comment
            dave:$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/
            sha:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=
            alice:$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW
            slow:$2y$18$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW
            plain
            """);
        using HtpasswdFile users = new(path, null, logger);
        string entry = Assert.Single(logger.Entries);
        Assert.Contains("the lines 2, 3, 5, 6 hold no bcrypt hash", entry, StringComparison.Ordinal);
        foreach (string secret in (string[])["dave", "apr1", "5en6G6", "slow", "plain"])
        {
            Assert.DoesNotContain(secret, entry, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_NameTwice_TheFirstCounts()
    {
        HtpasswdEntries entries = HtpasswdEntries.Parse("a:$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\r\na:$2y$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe\r\n");
        Assert.Equal(5, Assert.Single(entries.Hashes).Value.Cost);
        Assert.Equal(5, entries.Unknown(7).Cost);
    }

    [Fact] // One cost for all who do not exist would tell them from users of another.
    public void Unknown_UsersOfSeveralCosts_TakesAsLongAsOneOfThem()
    {
        HtpasswdEntries entries = HtpasswdEntries.Parse("""
            a:$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW
            b:$2y$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK
            c:$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe
            """);
        Assert.Equal([5, 5, 6, 5, 5, 6], Enumerable.Range(0, 6).Select(number => entries.Unknown((uint)number).Cost));
        Assert.Equal(10, HtpasswdEntries.Empty.Unknown(uint.MaxValue).Cost);
    }

    [Fact]
    public void Constructor_NoFile_SaysHowToMakeOne()
    {
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => new HtpasswdFile(_directory.PathOf("none")));
        Assert.Contains("htpasswd -Bc", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();
}
