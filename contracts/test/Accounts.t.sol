// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Contribution} from "../src/interfaces/IDatasetRegistry.sol";
import {IGranaryDomain} from "../src/interfaces/IGranaryDomain.sol";
import {Base} from "./Base.t.sol";
import {SharedWallet} from "./support/SharedWallet.sol";
import {Actor} from "./support/Signing.sol";
import {
    BurningWallet,
    FloodingWallet,
    Forwarder,
    HonestWallet,
    RevertingWallet,
    ShortWallet,
    YesWallet
} from "./support/Wallets.sol";

/// @notice What every kind of account may and may not do with one signed message. Each message runs the whole suite.
abstract contract Accounts is Base {
    /// Alice and Anna share a wallet, two of three with Trent.
    SharedWallet internal wallet;
    Actor internal anna;

    function setUp() public virtual override {
        super.setUp();
        anna = _actor("Anna");
        wallet = _shared(alice.account, anna.account);
    }

    // ---------------------------------------------------------------------------------- what a message has to tell

    /// @dev Puts on chain what the account's message needs there, past all signatures.
    function _prepare(address account) internal virtual;

    /// @dev The contract that takes the message.
    function _verifier() internal view virtual returns (IGranaryDomain);

    function _structHash(address account) internal view virtual returns (bytes32);

    /// @dev The call that brings the message.
    function _call(address account, bytes memory signature) internal view virtual returns (bytes memory);

    /// @dev Tells forge that the next call refuses the account's signature.
    function _expectRefusal(address account) internal virtual;

    /// @dev Whether the message has taken effect.
    function _taken(address account) internal virtual returns (bool);

    // ----------------------------------------------------------------------------------------------------- helpers

    function _shared(address one, address two) internal returns (SharedWallet) {
        address[] memory owners = new address[](3);
        (owners[0], owners[1], owners[2]) = (one, two, trent.account);
        return new SharedWallet(owners, 2);
    }

    function _messageDigest(address account) internal view returns (bytes32) {
        return _digest(_verifier(), _structHash(account));
    }

    /// @dev Two signatures one after the other, by ascending account.
    function _both(Actor memory one, Actor memory two, bytes32 digest) internal pure returns (bytes memory) {
        if (one.account > two.account) (one, two) = (two, one);
        return bytes.concat(_sign(one, digest), _sign(two, digest));
    }

    function _ownersSign(bytes32 digest) internal view returns (bytes memory) {
        return _both(alice, anna, wallet.messageDigest(digest));
    }

    /// @dev Gives the account the code of `target` by EIP-7702.
    function _delegate(Actor memory account, address target) internal {
        vm.etch(account.account, abi.encodePacked(hex"ef0100", target));
    }

    /// @dev Registers a dataset of the account, whatever its code would say to that.
    function _register(address account) internal {
        bytes memory code = account.code;
        vm.etch(account, type(YesWallet).runtimeCode);
        Contribution memory item = _contribution();
        item.owner = account;
        _contribute(item, "");
        vm.etch(account, code);
    }

    function _send(bytes memory data) internal {
        (bool done, bytes memory answer) = address(_verifier()).call(data);
        if (!done) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// @dev By way of a contract of somebody else's: who sends gains and loses nothing.
    function _relay(address account, bytes memory signature) internal {
        Forwarder forwarder = new Forwarder();
        bytes memory data = _call(account, signature);
        address to = address(_verifier());
        vm.prank(mallory.account);
        forwarder.forward(to, data);
    }

    function _takes(address account, bytes memory signature) internal {
        vm.assertFalse(_taken(account));
        _send(_call(account, signature));
        vm.assertTrue(_taken(account));
    }

    function _refuses(address account, bytes memory signature) internal {
        bytes memory data = _call(account, signature);
        _expectRefusal(account);
        _send(data);
        vm.assertFalse(_taken(account));
    }

    // ----------------------------------------------------------------------------------------------------- refusals

    function test_refuses_a_wallet_whose_owners_did_not_sign() public {
        address account = address(wallet);
        _prepare(account);
        bytes32 wrapped = wallet.messageDigest(_messageDigest(account));
        _refuses(account, "");
        _refuses(account, _sign(alice, wrapped));
        _refuses(account, _both(alice, mallory, wrapped));
        _refuses(account, bytes.concat(_sign(alice, wrapped), _sign(alice, wrapped)));
        // Not wrapped for this wallet: what its owners sign as themselves, or for another wallet of theirs.
        _refuses(account, _both(alice, anna, _messageDigest(account)));
        _refuses(
            account, _both(alice, anna, _shared(alice.account, anna.account).messageDigest(_messageDigest(account)))
        );
    }

    function test_refuses_an_owner_in_the_name_of_the_wallet_and_the_wallet_in_the_name_of_an_owner() public {
        _prepare(address(wallet));
        _prepare(alice.account);
        _refuses(address(wallet), _sign(alice, _messageDigest(address(wallet))));
        _refuses(alice.account, _ownersSign(_messageDigest(alice.account)));
    }

    function test_refuses_a_message_for_another_chain() public {
        _prepare(address(wallet));
        _prepare(alice.account);
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        bytes memory byWallet = _ownersSign(_messageDigest(address(wallet)));
        bytes memory byKey = _sign(alice, _messageDigest(alice.account));
        vm.chainId(here);
        _refuses(address(wallet), byWallet);
        _refuses(alice.account, byKey);
    }

    function test_refuses_a_message_for_another_contract() public {
        _prepare(address(wallet));
        _prepare(alice.account);
        IGranaryDomain other = IGranaryDomain(address(rewards));
        _refuses(address(wallet), _ownersSign(_digest(other, _structHash(address(wallet)))));
        _refuses(alice.account, _sign(alice, _digest(other, _structHash(alice.account))));
    }

    function test_refuses_wallets_that_do_not_answer_as_they_must() public {
        address[4] memory wallets =
            [address(new RevertingWallet()), address(new ShortWallet()), address(new BurningWallet()), address(this)];
        for (uint256 i; i < wallets.length; ++i) {
            _prepare(wallets[i]);
            _refuses(wallets[i], _sign(mallory, _messageDigest(wallets[i])));
        }
    }

    function test_refuses_an_account_without_code() public {
        address nobody = address(uint160(uint256(keccak256("not deployed yet"))));
        _prepare(nobody);
        _refuses(nobody, _ownersSign(_messageDigest(nobody)));
        _refuses(nobody, "");
    }

    function test_refuses_what_the_key_of_an_eip7702_account_did_not_sign() public {
        _delegate(alice, address(new HonestWallet(anna.account)));
        _prepare(alice.account);
        _refuses(alice.account, _sign(mallory, _messageDigest(alice.account)));
        _delegate(alice, address(new BurningWallet()));
        _refuses(alice.account, _sign(mallory, _messageDigest(alice.account)));
    }

    /// @dev Whoever sends, were it the account itself: a message is what was signed.
    function test_refuses_the_account_itself_without_a_signature() public {
        _prepare(alice.account);
        bytes memory data = _call(alice.account, "");
        _expectRefusal(alice.account);
        vm.prank(alice.account);
        _send(data);
        vm.assertFalse(_taken(alice.account));
    }

    function test_a_burning_wallet_burns_no_more_than_its_gas() public {
        address burner = address(new BurningWallet());
        _prepare(burner);
        bytes memory data = _call(burner, _sign(mallory, _messageDigest(burner)));
        address to = address(_verifier());
        uint256 before = gasleft();
        (bool done,) = to.call(data);
        vm.assertLe(before - gasleft(), 260_000, "gas of a burning wallet");
        vm.assertFalse(done && _taken(burner));
    }

    /// @dev Else whoever sends could have a wallet's message skipped by leaving it too little gas.
    function test_refuses_to_send_when_too_little_gas_is_left_for_the_wallet() public {
        address account = address(wallet);
        _prepare(account);
        bytes memory data = _call(account, _ownersSign(_messageDigest(account)));
        address to = address(_verifier());
        (bool done,) = to.call{gas: 150_000}(data);
        vm.assertFalse(done);
        vm.assertFalse(_taken(account));
    }

    // ---------------------------------------------------------------------------------------------------- successes

    function test_takes_the_signature_of_a_key() public {
        _prepare(alice.account);
        _takes(alice.account, _sign(alice, _messageDigest(alice.account)));
    }

    function test_takes_the_signatures_of_a_shared_wallet() public {
        _prepare(address(wallet));
        _takes(address(wallet), _ownersSign(_messageDigest(address(wallet))));
    }

    function test_takes_it_from_a_relayer_that_is_a_contract() public {
        _prepare(address(wallet));
        _prepare(alice.account);
        _relay(address(wallet), _ownersSign(_messageDigest(address(wallet))));
        _relay(alice.account, _sign(alice, _messageDigest(alice.account)));
        vm.assertTrue(_taken(address(wallet)));
        vm.assertTrue(_taken(alice.account));
    }

    function test_takes_it_from_the_wallet_itself() public {
        _prepare(address(wallet));
        bytes memory data = _call(address(wallet), _ownersSign(_messageDigest(address(wallet))));
        address to = address(_verifier());
        wallet.execute(to, 0, data, _both(alice, anna, wallet.transactionDigest(to, 0, data)));
        vm.assertTrue(_taken(address(wallet)));
    }

    function test_takes_the_key_of_an_account_with_eip7702_code() public {
        _delegate(alice, address(new HonestWallet(anna.account)));
        _prepare(alice.account);
        _takes(alice.account, _sign(alice, _messageDigest(alice.account)));
    }

    function test_takes_the_key_of_an_account_whose_eip7702_code_burns_all_gas() public {
        _delegate(alice, address(new BurningWallet()));
        _prepare(alice.account);
        _takes(alice.account, _sign(alice, _messageDigest(alice.account)));
    }

    function test_takes_what_the_eip7702_code_of_an_account_accepts() public {
        _delegate(alice, address(new HonestWallet(anna.account)));
        _prepare(alice.account);
        _takes(alice.account, _sign(anna, _messageDigest(alice.account)));
    }

    function test_takes_a_long_answer_without_paying_for_it() public {
        address flooder = address(new FloodingWallet());
        _prepare(flooder);
        bytes memory data = _call(flooder, "");
        address to = address(_verifier());
        uint256 before = gasleft();
        (bool done,) = to.call(data);
        vm.assertLe(before - gasleft(), 400_000, "gas of a flooding wallet");
        vm.assertTrue(done && _taken(flooder));
    }
}
