using Gatehouse.Persistence.PrivateKeys;
using Xunit;

namespace Gatehouse.Api.Tests.PrivateKeys;

public sealed class KeyEnvelopeTests
{
    private static readonly byte[] Plain = [1, 2, 3, 4, 5];
    private static readonly KeyIdentity Identity = new(Guid.Parse("00000000-0000-0000-0000-000000000001"), "web", 3, "abcd");

    [Fact]
    public void Open_SealedForTheSame_GivesWhatWasSealed()
    {
        var ring = KeyRing.Parse(KeyRing.Draw());
        var box = KeyEnvelope.Seal(ring, Identity, Plain);

        Assert.Equal(Plain, KeyEnvelope.Open(ring, Identity, box));
        Assert.NotEqual(box.Ciphertext, KeyEnvelope.Seal(ring, Identity, Plain).Ciphertext);
    }

    public static TheoryData<string> Swaps => ["tenant", "name", "version", "fingerprint", "ciphertext", "wrapped", "cut"];

    [Theory]
    [MemberData(nameof(Swaps))]
    public void Open_RowOfAnotherOrAltered_DoesNotDecrypt(string swap)
    {
        var ring = KeyRing.Parse(KeyRing.Draw());
        var box = KeyEnvelope.Seal(ring, Identity, Plain);
        var other = KeyEnvelope.Seal(ring, Identity with { Version = 4 }, Plain);
        var (identity, altered) = swap switch
        {
            "tenant" => (Identity with { TenantId = Guid.NewGuid() }, box),
            "name" => (Identity with { Name = "other" }, box),
            "version" => (Identity with { Version = 2 }, box),
            "fingerprint" => (Identity with { KeyFingerprint = "abce" }, box),
            "ciphertext" => (Identity, box with { Ciphertext = other.Ciphertext }),
            "wrapped" => (Identity, box with { WrappedKey = other.WrappedKey }),
            _ => (Identity, box with { Ciphertext = [1, 2, 3] }),
        };

        Assert.False(Assert.Throws<UnreadableKeyException>(() => KeyEnvelope.Open(ring, identity, altered)).IsMissing);
    }

    [Fact]
    public void Rewrap_UnderANewKek_LeavesTheCiphertextAndNeedsTheOldOneNoMore()
    {
        var (first, second) = ("first:" + KeyRing.Draw(), "second:" + KeyRing.Draw());
        var box = KeyEnvelope.Seal(KeyRing.Parse(first), Identity, Plain);

        var both = KeyRing.Parse(second + "\n# the one before\n" + first);
        var rewrapped = box with { KekId = "second", WrappedKey = KeyEnvelope.Rewrap(both, Identity, box.KekId, box.WrappedKey) };

        Assert.Equal(Plain, KeyEnvelope.Open(KeyRing.Parse(second), Identity, rewrapped));
        Assert.True(Assert.Throws<UnreadableKeyException>(() => KeyEnvelope.Open(KeyRing.Parse(second), Identity, box)).IsMissing);
        // Another key under the same id is told from a missing one.
        Assert.False(Assert.Throws<UnreadableKeyException>(() => KeyEnvelope.Open(KeyRing.Parse("first:" + KeyRing.Draw()), Identity, box)).IsMissing);
    }

    [Fact]
    public void Parse_WithoutId_NamesTheKeyByItself()
    {
        var key = KeyRing.Draw();

        Assert.Equal(KeyRing.Parse(key).ActiveId, KeyRing.Parse($"mine:{KeyRing.Draw()},{key}").Ids.Last());
        Assert.Equal("mine", KeyRing.Parse($"mine:{KeyRing.Draw()},{key}").ActiveId);
        Assert.DoesNotContain(key[..8], KeyRing.Parse(key).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no key")]
    [InlineData("# nothing", "no key")]
    [InlineData("c2hvcnQ=", "key 1 is not 32 bytes")]
    [InlineData("not base64 at all", "key 1 is not 32 bytes")]
    [InlineData("a b:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "the id of key 1")]
    [InlineData("a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,a:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "two keys have the id a")]
    public void Parse_WhatIsNoKey_SaysWhichWithoutRepeatingIt(string text, string reason)
    {
        var message = Assert.Throws<KeyRingException>(() => KeyRing.Parse(text)).Message;

        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", message, StringComparison.Ordinal);
    }
}
