// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessRequests} from "../src/AccessRequests.sol";
import {CustodianCommittee} from "../src/CustodianCommittee.sol";
import {DatasetRegistry} from "../src/DatasetRegistry.sol";
import {GrainToken} from "../src/GrainToken.sol";
import {GranaryGovernor} from "../src/GranaryGovernor.sol";
import {RewardPool} from "../src/RewardPool.sol";
import {TestToken} from "../src/TestToken.sol";
import {Timelock} from "../src/Timelock.sol";
import {TrainerRegistry} from "../src/TrainerRegistry.sol";
import {AccessRequest, Permit} from "../src/interfaces/IAccessRequests.sol";
import {Member} from "../src/interfaces/ICustodianCommittee.sol";
import {Contribution} from "../src/interfaces/IDatasetRegistry.sol";
import {Settlement, Spending} from "../src/interfaces/IRewardPool.sol";
import {Actor, Signing} from "./support/Signing.sol";

/// @notice The world that every test starts from: all contracts, owned by a Timelock that only the Governor tells what to
/// do; pool 1 open at a price of 2, Trent approved and rich, Carol, Cora and Cid custodians of epoch 1 with threshold 2.
abstract contract Base is Signing {
    uint256 internal constant PRICE = 2e18;
    uint256 internal constant RICH = 1_000_000e18;
    uint40 internal constant WINDOW = 7 days;
    uint48 internal constant VOTING_DELAY = 1 days;
    uint32 internal constant VOTING_PERIOD = 5 days;
    uint256 internal constant TIMELOCK_DELAY = 2 days;
    uint256 internal constant PROPOSAL_THRESHOLD = 1e18;
    uint256 internal constant QUORUM_PERCENT = 4;
    uint256 internal constant QUORUM_MINIMUM = 2e18;
    uint32 internal constant FINE_TUNING = 1 << 1;
    uint32 internal constant COMMERCIAL = 1 << 16;
    bytes32 internal constant CONTENT = keccak256("a sealed file");
    /// The base point of X25519.
    bytes32 internal constant RECIPIENT = 0x0900000000000000000000000000000000000000000000000000000000000000;

    /// The Timelock: owns everything, and is the treasury. Tests speak for it where a vote is not what they are about.
    address internal dao;
    address internal treasury;
    /// Approves and suspends trainers, nothing else.
    address internal council;
    /// Voids settlements, nothing else.
    address internal guardian;
    /// Contributes.
    Actor internal alice;
    /// Trains.
    Actor internal trent;
    /// Attacks.
    Actor internal mallory;
    /// Custodians.
    Actor internal carol;
    Actor internal cora;
    Actor internal cid;

    TestToken internal token;
    DatasetRegistry internal registry;
    TrainerRegistry internal trainers;
    CustodianCommittee internal committee;
    AccessRequests internal requests;
    RewardPool internal rewards;
    GrainToken internal grain;
    GranaryGovernor internal governor;
    Timelock internal timelock;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        council = _actor("council").account;
        guardian = _actor("guardian").account;
        (alice, trent, mallory) = (_actor("Alice"), _actor("Trent"), _actor("Mallory"));
        (carol, cora, cid) = (_actor("Carol"), _actor("Cora"), _actor("Cid"));

        _deploy();
        _handOver();

        vm.prank(dao);
        trainers.setCouncil(council, true);
        vm.prank(dao);
        registry.createPool(keccak256("terms"), 1e18, PRICE);
        vm.prank(dao);
        trainers.approve(trent.account, uint40(block.timestamp + 365 days), keccak256("profile"));
        vm.prank(dao);
        token.mint(trent.account, RICH);
        vm.prank(trent.account);
        token.approve(address(requests), type(uint256).max);
        _formCommittee();
    }

    /// @dev For how long settlements are pending. Zero as in the embedded network, unless a test is about the delay.
    function _claimDelay() internal pure virtual returns (uint40) {
        return 0;
    }

    function _deployToken() internal virtual returns (TestToken) {
        return new TestToken(dao);
    }

    // ---------------------------------------------------------------------------------------------------- deploying

    function _deploy() internal {
        timelock = new Timelock(0, _only(address(this)), _only(address(0)), address(0));
        (dao, treasury) = (address(timelock), address(timelock));
        vm.label(dao, "DAO");
        token = _deployToken();
        registry = new DatasetRegistry(dao);
        trainers = new TrainerRegistry(dao);
        committee = new CustodianCommittee(dao);
        address pool = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        requests = new AccessRequests(token, registry, trainers, pool, dao, 500, 1000, WINDOW);
        rewards = new RewardPool(token, requests, committee, dao, treasury, guardian, _claimDelay());
        grain = new GrainToken(rewards);
        governor = new GranaryGovernor(
            grain, timelock, VOTING_DELAY, VOTING_PERIOD, PROPOSAL_THRESHOLD, QUORUM_PERCENT, QUORUM_MINIMUM
        );
    }

    /// @dev The last thing that the deployer can do: from here on the Governor alone proposes to the Timelock.
    function _handOver() internal {
        address[] memory targets = new address[](5);
        bytes[] memory calls = new bytes[](5);
        for (uint256 i; i < targets.length; ++i) {
            targets[i] = dao;
        }
        (bytes32 proposer, bytes32 canceller) = (timelock.PROPOSER_ROLE(), timelock.CANCELLER_ROLE());
        calls[0] = abi.encodeCall(timelock.grantRole, (proposer, address(governor)));
        calls[1] = abi.encodeCall(timelock.grantRole, (canceller, address(governor)));
        calls[2] = abi.encodeCall(timelock.updateDelay, (TIMELOCK_DELAY));
        calls[3] = abi.encodeCall(timelock.revokeRole, (proposer, address(this)));
        calls[4] = abi.encodeCall(timelock.revokeRole, (canceller, address(this)));
        timelock.scheduleBatch(targets, new uint256[](5), calls, 0, 0, 0);
        timelock.executeBatch(targets, new uint256[](5), calls, 0, 0);
    }

    function _only(address account) internal pure returns (address[] memory accounts) {
        accounts = new address[](1);
        accounts[0] = account;
    }

    // ------------------------------------------------------------------------------------------------- contributing

    function _contribution() internal view returns (Contribution memory) {
        return Contribution({
            owner: alice.account,
            content: CONTENT,
            metadata: keccak256("metadata"),
            pool: 1,
            purposes: FINE_TUNING | COMMERCIAL,
            expires: uint40(block.timestamp + 730 days),
            flags: 2,
            deadline: block.timestamp + 1 hours
        });
    }

    function _id() internal view returns (bytes32) {
        return keccak256(abi.encode(alice.account, CONTENT));
    }

    function _contribute(Contribution memory item, bytes memory signature) internal {
        Contribution[] memory items = new Contribution[](1);
        bytes[] memory signatures = new bytes[](1);
        (items[0], signatures[0]) = (item, signature);
        registry.contribute(items, signatures);
    }

    function _contribute(Contribution memory item) internal {
        _contribute(item, _sign(alice, _digest(registry, _hash(item))));
    }

    // --------------------------------------------------------------------------------------------------- requesting

    function _request(uint32 count) internal view returns (AccessRequest memory) {
        return AccessRequest({
            trainer: trent.account,
            pool: 1,
            purposes: FINE_TUNING,
            manifestRoot: keccak256("root"),
            manifestDocument: keccak256("manifest"),
            count: count,
            recipient: RECIPIENT,
            maxTotalPrice: PRICE * count,
            expires: uint40(block.timestamp + 1 days),
            salt: bytes32(uint256(1)),
            deadline: block.timestamp + 1 hours
        });
    }

    function _noPermit() internal pure returns (Permit memory none) {}

    function _open(AccessRequest memory message) internal returns (bytes32) {
        return requests.open(message, _sign(trent, _digest(requests, _hash(message))), _noPermit());
    }

    function _openRequest(uint32 count) internal returns (bytes32) {
        return _open(_request(count));
    }

    // ----------------------------------------------------------------------------------------------------- settling

    function _members() internal view returns (Member[] memory members) {
        members = new Member[](3);
        members[0] = Member(carol.account, "http://carol", "age1carol");
        members[1] = Member(cora.account, "http://cora", "age1cora");
        members[2] = Member(cid.account, "http://cid", "age1cid");
    }

    function _shares() internal pure returns (bytes32[] memory shares) {
        shares = new bytes32[](3);
        (shares[0], shares[1], shares[2]) = (bytes32("Y1"), bytes32("Y2"), bytes32("Y3"));
    }

    function _formCommittee() internal virtual {
        vm.prank(dao);
        uint32 epoch = committee.propose(2, _members());
        address[3] memory accounts = [carol.account, cora.account, cid.account];
        for (uint256 i; i < 3; ++i) {
            vm.prank(accounts[i]);
            committee.confirm(epoch, "Y", _shares(), "transcript");
        }
    }

    /// @dev The next settlement: one spending, no finals.
    function _settlement(bytes32 request, uint256 amount, bytes32 root) internal view returns (Settlement memory next) {
        next.number = rewards.settlements() + 1;
        next.epoch = committee.currentEpoch();
        next.root = root;
        next.total = rewards.total() + amount;
        next.document = keccak256(abi.encode("document", next.number));
        next.previousDocument = rewards.document();
        next.spending = new Spending[](1);
        next.spending[0] = Spending(request, amount);
    }

    /// @dev The next settlement: no spending, one final.
    function _final(bytes32 request) internal view returns (Settlement memory next) {
        next = _settlement(request, 0, rewards.root());
        next.spending = new Spending[](0);
        next.finals = new bytes32[](1);
        next.finals[0] = request;
    }

    /// @dev Signed by two, in the order that the contract asks for.
    function _signBy(Actor memory one, Actor memory two, Settlement memory settlement)
        internal
        view
        returns (bytes[] memory signatures)
    {
        bytes32 digest = _digest(rewards, _hash(settlement));
        if (one.account > two.account) (one, two) = (two, one);
        signatures = new bytes[](2);
        (signatures[0], signatures[1]) = (_sign(one, digest), _sign(two, digest));
    }

    function _settle(Settlement memory settlement) internal {
        rewards.settle(settlement, _signBy(carol, cid, settlement));
    }

    function _voidFrom(uint256 number) internal {
        vm.prank(guardian);
        rewards.voidFrom(number);
    }

    function _leaf(address account, uint256 earned) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, earned))));
    }

    function _node(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
