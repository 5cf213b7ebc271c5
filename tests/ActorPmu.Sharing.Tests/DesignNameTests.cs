namespace ActorPmu.Sharing.Tests;

public sealed class DesignNameTests
{
    [Fact]
    public void Every_design_and_variant_is_found_by_the_name_that_it_has()
    {
        string[] names = [.. Designs.All.Concat(Designs.Variants.Select(v => v.Make)).Select(make => make().Name)];

        Assert.Equal(names, names.Distinct());
        Assert.All(names, name => Assert.Equal(name, Designs.Find(name)?.Invoke().Name));
    }

    [Theory]
    [InlineData("v6+cgroup-check+whole-attr", "v6+whole-attr+cgroup-check")]
    [InlineData("active-not-counting+single-master", "active-not-counting+single-master")]
    public void Choices_are_taken_in_any_order(string said, string name) => Assert.Equal(name, Designs.Find(said)?.Invoke().Name);

    [Theory]
    [InlineData("v6+")]
    [InlineData("v6+single-master")]
    [InlineData("v6+whole-attr+whole-attr")]
    [InlineData("none+whole-attr")]
    [InlineData("+whole-attr")]
    [InlineData("")]
    public void What_is_no_choice_of_a_design_names_none(string said) => Assert.Null(Designs.Find(said));
}
