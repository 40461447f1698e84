using System.Buffers;

namespace DevOps.Registry.Server.Tests;

public sealed class BlockPoolTests : IDisposable
{
    private readonly BlockPool _pool = new();

    public void Dispose() => _pool.Dispose();

    [Theory]
    [InlineData(-1, BlockPool.LargeBytes)]
    [InlineData(4096, BlockPool.LargeBytes)]
    [InlineData(BlockPool.LargeBytes, BlockPool.LargeBytes)]
    [InlineData(BlockPool.LargeBytes + 1, BlockPool.HugeBytes)]
    [InlineData(BlockPool.HugeBytes, BlockPool.HugeBytes)]
    public void Rent_LittleIsOut_GivesALargeBlock(int asked, int expected)
    {
        using IMemoryOwner<byte> block = _pool.Rent(asked);
        Assert.Equal(expected, block.Memory.Length);
    }

    [Fact]
    public void Rent_MoreThanTheLargest_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => _pool.Rent(BlockPool.HugeBytes + 1));

    [Fact]
    public void Rent_ByTenThousand_HoldsFewBytesEach()
    {
        List<IMemoryOwner<byte>> blocks = [.. Enumerable.Range(0, 10_000).Select(_ => _pool.Rent(4096))];
        Assert.InRange(blocks.Sum(block => (long)block.Memory.Length), 10_000L * 4096, BlockPool.LargeBudgetBytes + (10_000L * BlockPool.SmallBytes));
        Assert.True(_pool.OutBytes <= BlockPool.LargeBudgetBytes);

        blocks.ForEach(block => block.Dispose());
        Assert.Equal(0, _pool.OutBytes);
        using IMemoryOwner<byte> again = _pool.Rent(4096);
        Assert.Equal(BlockPool.LargeBytes, again.Memory.Length);
    }

    [Fact]
    public void Rent_BeyondTheBudget_StillGivesWhatIsAskedFor()
    {
        List<IMemoryOwner<byte>> blocks = [.. Enumerable.Range(0, 1000).Select(_ => _pool.Rent(BlockPool.LargeBytes))];
        Assert.All(blocks, block => Assert.Equal(BlockPool.LargeBytes, block.Memory.Length));
        blocks.ForEach(block => block.Dispose());
        Assert.Equal(0, _pool.OutBytes);
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
        Assert.Equal(2 * BlockPool.LargeBytes, _pool.OutBytes);
    }
}
