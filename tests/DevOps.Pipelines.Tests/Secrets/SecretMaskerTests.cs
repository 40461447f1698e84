using System.Text;

namespace DevOps.Pipelines.Tests;

public sealed class SecretMaskerTests
{
    [Fact]
    public void Mask_NoSecrets_ReturnsTheSameObject()
    {
        string text = new('x', 10);

        Assert.Same(text, new SecretMasker().Mask(text));
    }

    [Fact]
    public void Mask_NothingFound_ReturnsTheSameObjectAndAllocatesNothing()
    {
        SecretMasker masker = new();
        masker.Add("s3cret-value");
        string text = string.Concat(Enumerable.Repeat("warning: nothing of note 中 s3cret ", 1000));
        masker.Mask(text);

        long before = GC.GetAllocatedBytesForCurrentThread();
        string masked = masker.Mask(text);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Same(text, masked);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData("s3cret", "***")]
    [InlineData("a s3cret, b s3cret", "a ***, b ***")]
    [InlineData("s3crets3cret", "******")]
    [InlineData("S3cret", "S3cret")]
    [InlineData("", "")]
    public void Mask_Text_HidesEachOccurrence(string text, string expected)
    {
        SecretMasker masker = new();
        masker.Add(new Secret("s3cret"));

        Assert.Equal(expected, masker.Mask(text));
    }

    [Fact]
    public void Mask_LongText_HidesSecretsAtEachBorderOfWork()
    {
        SecretMasker masker = new();
        masker.Add("s3cret-\U0001f600");
        for (int i = 4080; i < 4110; i++)
        {
            string text = new string('é', i) + "s3cret-\U0001f600" + "\ud83dz";

            Assert.Equal(new string('é', i) + "***\ud83dz", masker.Mask(text));
        }
    }

    [Fact]
    public void Mask_AddedLater_IsHiddenFromThenOn()
    {
        SecretMasker masker = new();
        masker.Add("first-one");
        Assert.Equal("*** second-one", masker.Mask("first-one second-one"));

        masker.Add("second-one");

        Assert.Equal("*** ***", masker.Mask("first-one second-one"));
    }

    [Fact]
    public void Mask_OneIsTheBeginningOfAnother_HidesTheLongerWhereverItStands()
    {
        SecretMasker masker = new();
        masker.Add("abcd");
        masker.Add("abcdefgh");

        Assert.Equal("*** ***efg", masker.Mask("abcdefgh abcdefg"));
    }

    [Fact]
    public void Add_Empty_HidesNothing()
    {
        SecretMasker masker = new();
        masker.Add("");
        masker.Add(new Secret(""));

        Assert.Equal("anything", masker.Mask("anything"));
        Assert.True(masker.Automaton.IsEmpty);
    }

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("é", 2)]
    [InlineData("  \n ", 0)]
    [InlineData("  ab\r\n", 2)]
    public void Add_TooShort_ThrowsAndSaysSoWithoutTheText(string text, int length)
    {
        SecretMasker masker = new();

        UnmaskableSecretException error = Assert.Throws<UnmaskableSecretException>(() => masker.Add(new Secret(text, "PIN")));

        Assert.Equal("PIN", error.SecretName);
        Assert.Equal(length, error.LengthBytes);
        Assert.StartsWith($"The secret 'PIN' has {length} bytes without the white space around it and cannot be hidden: 4 to 65536 bytes can.", error.Message, StringComparison.Ordinal);
        Assert.True(masker.Automaton.IsEmpty);
    }

    [Fact]
    public void Add_TooLong_Throws()
    {
        SecretMasker masker = new();

        UnmaskableSecretException error = Assert.Throws<UnmaskableSecretException>(() => masker.Add(new string('x', SecretMasker.MaxSecretBytes + 1)));

        Assert.Null(error.SecretName);
        Assert.Equal(SecretMasker.MaxSecretBytes + 1, error.LengthBytes);
    }

    [Fact]
    public void Add_AsLongAsAllowed_IsHidden()
    {
        SecretMasker masker = new();
        string secret = string.Concat(Enumerable.Range(0, SecretMasker.MaxSecretBytes / 8).Select(i => $"{i:x7}/"));
        masker.Add(secret);

        Assert.Equal("a***b", masker.Mask($"a{secret}b"));
        Assert.Equal("***", masker.Mask(Convert.ToHexString(Encoding.UTF8.GetBytes(secret))));
    }

    [Fact]
    public void Add_KnownOne_KeepsTheSearch()
    {
        SecretMasker masker = new();
        masker.Add("s3cret");
        SecretAutomaton automaton = masker.Automaton;

        masker.Add(new Secret("s3cret", "again"));

        Assert.Same(automaton, masker.Automaton);
    }

    [Fact]
    public void Mask_LinesOfAKey_AreHiddenAloneWhenLongEnough()
    {
        SecretMasker masker = new();
        masker.Add("-----BEGIN KEY-----\n  MIIEvQIBADANBgkq\nAB==\n-----END KEY-----\n");

        Assert.Equal("1: ***", masker.Mask("1: MIIEvQIBADANBgkq"));
        Assert.Equal("1: ***", masker.Mask("1: " + Convert.ToHexString("MIIEvQIBADANBgkq"u8)));
        Assert.Equal("1: AB==", masker.Mask("1: AB=="));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Mask_OtherLineEndsThanAdded_AreHidden(string lineEnd)
    {
        SecretMasker masker = new();
        masker.Add("one\ntwo\nthree\n");
        SecretMasker other = new();
        other.Add("one\r\ntwo\r\nthree\r\n");
        string text = $"<one{lineEnd}two{lineEnd}three>";

        Assert.Equal("<***>", masker.Mask(text));
        Assert.Equal("<***>", other.Mask(text));
    }

    [Fact]
    public void Contains_SecretAtAnyPlace_TellsSo()
    {
        SecretMasker masker = new();
        masker.Add("s3cret");
        byte[] bytes = new byte[(64 << 10) + 20];

        Assert.False(masker.Contains(bytes));
        Assert.False(masker.Contains([]));
        for (int i = (64 << 10) - 10; i < (64 << 10) + 10; i++)
        {
            bytes.AsSpan().Clear();
            "s3cret"u8.CopyTo(bytes.AsSpan(i));
            Assert.True(masker.Contains(bytes));
        }
    }

    [Fact]
    public async Task Add_ManyThreadsWhileOthersMask_IsSeenAfterwardsByAll()
    {
        SecretMasker masker = new();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < 40; i++)
            {
                string secret = $"secret-{thread}-{i}-end";
                masker.Add(secret);
                Assert.Equal("[***]", masker.Mask($"[{secret}]"));
            }
        }, TestContext.Current.CancellationToken)));

        Assert.Equal("*** ***", masker.Mask("secret-0-39-end secret-7-0-end"));
    }

    [Fact]
    public void ToString_OfTheMasker_ShowsNoSecret()
    {
        SecretMasker masker = new();
        masker.Add("s3cret");

        Assert.DoesNotContain("s3cret", masker.ToString(), StringComparison.Ordinal);
    }
}
