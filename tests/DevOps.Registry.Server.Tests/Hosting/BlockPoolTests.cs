using System.Buffers;
using System.Runtime.InteropServices;

namespace DevOps.Registry.Server.Tests;

public sealed class BlockPoolTests : IDisposable
{
    private readonly BlockPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(-1)]
    [InlineData(4096)]
    [InlineData(BlockPool.LargeBytes)]
    [InlineData(BlockPool.HugeBytes)]
    public void Rent_LittleIsOut_GivesAHugeBlock(int asked)
    {
        using IMemoryOwner<byte> block = _pool.Rent(asked);
        Assert.Equal(BlockPool.HugeBytes, block.Memory.Length);
    }

    [Fact]
    public void Rent_MoreThanTheLargest_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(BlockPool.HugeBytes + 1));

    [Fact]
    public void Rent_ByTenThousand_HoldsFewBytesEach()
    {
        List<IMemoryOwner<byte>> blocks = [.. Enumerable.Range(0, 10_000).Select(_ => _pool.Rent(4096))];
        Assert.InRange(blocks.Sum(block => (long)block.Memory.Length), 10_000L * 4096, BlockPool.HugeBudgetBytes + (10_000L * BlockPool.SmallBytes));
        Assert.True(_pool.OutBytes <= BlockPool.HugeBudgetBytes);

        blocks.ForEach(block => block.Dispose());
        Assert.Equal(0, _pool.OutBytes);
        using IMemoryOwner<byte> again = _pool.Rent(4096);
        Assert.Equal(BlockPool.HugeBytes, again.Memory.Length);
    }

    [Theory]
    [InlineData(-1, BlockPool.SmallBytes)]
    [InlineData(BlockPool.SmallBytes, BlockPool.SmallBytes)]
    [InlineData(BlockPool.SmallBytes + 1, BlockPool.LargeBytes)]
    [InlineData(BlockPool.LargeBytes, BlockPool.LargeBytes)]
    [InlineData(BlockPool.LargeBytes + 1, BlockPool.HugeBytes)]
    public void Rent_BeyondTheBudget_StillGivesWhatIsAskedFor(int asked, int expected)
    {
        List<IMemoryOwner<byte>> blocks = RentBudget();
        blocks.Add(_pool.Rent(asked));
        Assert.Equal(expected, blocks[^1].Memory.Length);
        blocks.ForEach(block => block.Dispose());
        Assert.Equal(0, _pool.OutBytes);
    }

    [Fact]
    public void Rent_AgainAndForOtherSizes_MakesNoMoreThanWasOutAtOnce()
    {
        HashSet<byte[]> made = [];
        foreach (int asked in (int[])[4096, BlockPool.LargeBytes, BlockPool.HugeBytes, 4096])
        {
            List<IMemoryOwner<byte>> blocks = [];
            for (long bytes = 0; bytes < BlockPool.HugeBudgetBytes; bytes += blocks[^1].Memory.Length)
            {
                blocks.Add(_pool.Rent(asked));
                Assert.True(MemoryMarshal.TryGetArray<byte>(blocks[^1].Memory, out ArraySegment<byte> array));
                made.Add(array.Array!);
            }

            blocks.ForEach(block => block.Dispose());
        }

        Assert.Equal(BlockPool.HugeBudgetBytes, made.Sum(array => (long)array.Length));
    }

    [Fact]
    public void Dispose_Twice_GivesTheBlockToOneOnly()
    {
        IMemoryOwner<byte> block = _pool.Rent(4096);
        block.Dispose();
        block.Dispose();
        using IMemoryOwner<byte> one = _pool.Rent(4096);
        using IMemoryOwner<byte> other = _pool.Rent(4096);
        Assert.NotSame(one, other);
        Assert.Equal(2 * BlockPool.HugeBytes, _pool.OutBytes);
    }

    private List<IMemoryOwner<byte>> RentBudget() => [.. Enumerable.Range(0, (int)(BlockPool.HugeBudgetBytes / BlockPool.HugeBytes)).Select(_ => _pool.Rent(4096))];
}
